package org.kolotoc.sampler.diffusion;

import java.util.Arrays;
import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Signature;
import org.kolotoc.nn.ExampleNoise;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;

/**
 * A denoiser, and how it is asked.
 *
 * @param shape of what is drawn at once, {@code [examples, ...]}
 * @param steps of its schedule
 * @param none its label for no class, one more than the last; -1 where it takes no labels
 */
record Asked(Model model, Wanted wanted, Shape shape, Prediction prediction, int steps, int none) {
    static final String MODEL = "model";

    /** @throws InputError naming the setting, where it does not fit the model, or the model is no denoiser */
    static Asked of(Wanted wanted, Solver solver, Model model) {
        List<Prediction> predictions = Arrays.stream(Prediction.values())
                .filter(prediction -> has(model.signature().outputs(), prediction.port()))
                .toList();
        if (predictions.size() != 1) {
            throw InputError.of(
                    "the model tells " + predictions + " of a noisy sample; expected one of "
                            + Arrays.toString(Prediction.values()),
                    "choose a model with one output 'noise', 'sample' or 'velocity'");
        }
        int none = has(model.signature().inputs(), "label") ? model.limits().get("class") : -1;
        if (none < 0 && wanted.guidance() != 1) {
            throw InputError.field(
                    "guidance", wanted.guidance() + " of what a class changes, but the model takes none; expected 1");
        }
        if (wanted.label() >= Math.max(none, 0)) {
            throw InputError.field(
                    "label",
                    wanted.label()
                            + (none < 0
                                    ? ", but the model takes no classes; expected -1"
                                    : " is none of its " + none + " classes; expected -1 to " + (none - 1)));
        }
        check(wanted.examples(), wanted.between(), solver);
        Shape betas = model.statistics().stream()
                .filter(statistic -> statistic.name().equals(NoiseSchedule.BETAS))
                .map(Parameter::shape)
                .findFirst()
                .orElseThrow(() -> InputError.of(
                        "the model has no statistic '" + NoiseSchedule.BETAS + "' [steps] with its noise schedule",
                        "choose a model for diffusion: \"denoiser\""));
        int steps = betas.extent(0);
        if (solver.asks() > steps) {
            throw InputError.field(
                    "steps", solver.asks() + " is more than the denoiser knows; expected at most " + steps);
        }
        return new Asked(
                model,
                wanted,
                wanted.layout().shape(wanted.examples(), axis -> extent(model, axis)),
                predictions.getFirst(),
                steps,
                none);
    }

    private static void check(int examples, List<Integer> between, Solver solver) {
        if (between.isEmpty()) {
            return;
        }
        if (between.size() != 2 || between.getFirst().equals(between.getLast())) {
            throw InputError.field("between", between + "; expected the numbers of two different examples, or none");
        }
        if (examples < 2) {
            throw InputError.field("examples", examples + " leads from one example to no other; expected at least 2");
        }
        if (solver instanceof Solver.Implicit implicit && implicit.eta() > 0) {
            throw InputError.field(
                    "between",
                    "examples lead to each other only where noise decides everything; expected \"eta\": 0, not "
                            + implicit.eta());
        }
    }

    private static int extent(Model model, String axis) {
        int extent = model.limits().getOr(axis, 0);
        if (extent == 0) {
            throw InputError.of(
                    "the model does not say how many of '" + axis + "' a sample has",
                    "choose a model that states it among its limits");
        }
        return extent;
    }

    private static boolean has(List<Signature.Port> ports, String name) {
        return ports.stream().anyMatch(port -> port.name().equals(name));
    }

    int examples() {
        return wanted.examples();
    }

    boolean labelled() {
        return none >= 0;
    }

    /** Whether it is asked twice at a time: with the class and without. */
    boolean guided() {
        return labelled() && wanted.guidance() != 1 && wanted.guidance() != 0;
    }

    /** The class of each example, 0 where there are none; of those between two examples that of the first. */
    int[] labels() {
        int[] labels = new int[examples()];
        Arrays.setAll(labels, this::label);
        return labels;
    }

    private int label(int example) {
        if (!labelled()) {
            return 0;
        }
        int of = wanted.between().isEmpty() ? example : wanted.between().getFirst();
        return wanted.label() >= 0 ? wanted.label() : of % none;
    }

    /** What a walk begins with, {@code [examples, ...]}. */
    float[] noise(CounterRandom random) {
        return new ExampleNoise(examples(), shape.size() / examples(), wanted.between()).of(random);
    }
}
