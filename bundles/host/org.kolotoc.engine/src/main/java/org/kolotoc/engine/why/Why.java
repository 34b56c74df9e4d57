package org.kolotoc.engine.why;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Versions;

/** Answers who set the values of an experiment. Nothing of it is opened or prepared. */
public final class Why {
    private static final String ROOT = "$";

    private Why() {}

    /** What is plugged in. */
    @FunctionalInterface
    public interface Plugins {
        /**
         * Finds a plugin.
         *
         * @param kind interface of the seat
         * @param versions that will do
         * @return nothing where there is none, or several
         */
        Optional<Plugin> find(Class<?> kind, String id, Versions versions);

        /**
         * A plugin.
         *
         * @param name in words, with its bundle and version
         * @param settings the record that says which fields it has, and their defaults
         */
        record Plugin(String name, Class<? extends Record> settings) {}
    }

    /** Every value of an experiment, those that nobody gave included. */
    public static List<Setting> all(ExperimentFile file, Plugins plugins) {
        return new Walk(file, plugins).settings().stream().map(Leaf::setting).toList();
    }

    /**
     * The values at a path, or below it.
     *
     * @param path as {@code --set} takes it, or a JSON path; empty for all
     * @throws InputError when the experiment has nothing there; names what is near
     */
    public static List<Setting> of(ExperimentFile file, Plugins plugins, String path) {
        List<Leaf> leaves = new Walk(file, plugins).settings();
        List<String> steps = steps(path);
        List<Leaf> left = leaves;
        for (int i = 0; i < steps.size(); i++) {
            int depth = i;
            List<Leaf> before = left;
            left = left.stream()
                    .filter(leaf -> leaf.isAt(depth, steps.get(depth)))
                    .toList();
            if (left.isEmpty()) {
                throw unknown(steps, depth, before);
            }
        }
        return left.stream().map(Leaf::setting).toList();
    }

    private static List<String> steps(String path) {
        String plain = path.replaceAll("\\[(\\d+)]", ".$1");
        List<String> steps = new ArrayList<>(List.of(plain.split("\\.", -1)));
        if (steps.getFirst().equals(ROOT)) {
            steps.removeFirst();
        }
        if (path.isEmpty()) {
            steps.clear();
        }
        if (steps.contains("")) {
            throw InputError.of(
                    "--why " + path + ": expected a path, such as phases.pretrain.learningRate or $.phases[0].steps",
                    "--why $ shows every value");
        }
        return steps;
    }

    private static InputError unknown(List<String> steps, int depth, List<Leaf> there) {
        Set<String> known = new LinkedHashSet<>();
        there.forEach(leaf -> leaf.step(depth).ifPresent(known::add));
        String within = depth == 0 ? "the experiment" : "'" + String.join(".", steps.subList(0, depth)) + "'";
        String wanted = steps.get(depth);
        return InputError.of(
                "--why " + String.join(".", steps) + ": " + within + " has no '" + wanted + "'"
                        + Nearest.hint(wanted, known)
                        + (known.isEmpty() ? ": it is one value" : " (there are " + String.join(", ", known) + ")"),
                "./kolotoc schema shows every field");
    }

    /**
     * A value and the way to it.
     *
     * @param steps names, and places in lists
     */
    record Leaf(List<Step> steps, String value, Setting.Kind kind, String by, String help) {
        Leaf {
            steps = List.copyOf(steps);
        }

        boolean isAt(int depth, String step) {
            return depth < steps.size()
                    && (steps.get(depth).text().equals(step)
                            || steps.get(depth).name().equals(step));
        }

        Optional<String> step(int depth) {
            return Stream.of(steps)
                    .filter(all -> depth < all.size())
                    .map(all -> all.get(depth).shown())
                    .findFirst();
        }

        Setting setting() {
            StringBuilder place = new StringBuilder(ROOT);
            steps.forEach(step -> place.append(step.place()));
            return new Setting(
                    String.join(".", steps.stream().map(Step::shown).toList()),
                    place.toString(),
                    value,
                    kind,
                    by,
                    help);
        }
    }

    /**
     * A step on the way to a value.
     *
     * @param text name of a field, or number in a list
     * @param ofList whether it is a number
     * @param name of the element of a list; empty where it has none
     */
    record Step(String text, boolean ofList, String name) {
        String shown() {
            return name.isEmpty() ? text : name;
        }

        String place() {
            return ofList ? "[" + text + "]" : "." + text;
        }
    }
}
