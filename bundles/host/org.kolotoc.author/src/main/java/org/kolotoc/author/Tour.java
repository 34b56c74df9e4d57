package org.kolotoc.author;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.kolotoc.engine.experiment.Printable;

/** What the platform is for, in five steps: each is shown as it is typed, done, and looked at. */
final class Tour {
    private static final String PLUGIN = "my-model";
    private static final int STEPS = 2000;

    private final Path folder;
    private final ToIntFunction<String[]> swap;
    private final BooleanSupplier stop;
    private final PrintStream out;

    /**
     * @param folder for what the steps make; is not there yet
     * @param swap the command: in this process it is there while a run goes on that takes a second
     */
    Tour(Path folder, ToIntFunction<String[]> swap, BooleanSupplier stop, PrintStream out) {
        this.folder = folder;
        this.swap = swap;
        this.stop = stop;
        this.out = out;
    }

    /**
     * A step.
     *
     * @param title what it shows
     * @param line what is typed behind {@code ./kolotoc}
     * @param swap what is typed in another terminal once its run takes steps; nothing if it is no run
     * @param expected what is there when it went well
     * @param check of what it said
     */
    private record Step(String title, List<String> line, List<String> swap, String expected, Predicate<String> check) {
        Step(String title, List<String> line, String expected, Predicate<String> check) {
            this(title, line, List.of(), expected, check);
        }
    }

    /** How it ended. */
    enum End {
        DONE,
        FAILED,
        STOPPED
    }

    private List<Step> steps() {
        Path project = folder.resolve(PLUGIN);
        Path jar = project.resolve("target/" + PLUGIN + "-1.0.0.jar");
        Path run = folder.resolve("run");
        return List.of(
                new Step(
                        "a plugin: the project of a model of your own",
                        List.of("new", "model", PLUGIN, "--out", project.toString()),
                        "a class, its test, an experiment and a pom in " + project,
                        _ -> Files.isRegularFile(project.resolve("src/main/java/mymodel/MyModel.java"))
                                && Files.isRegularFile(project.resolve("experiment.json"))),
                new Step(
                        "its bundle, built without Maven",
                        List.of("dev", project.toString(), "--once"),
                        "a bundle that fills the seat of a model: " + jar,
                        said -> Files.isRegularFile(jar) && said.contains("model '" + PLUGIN + "' can be used")),
                new Step(
                        "an experiment that trains it, and a plugin that is swapped while it turns",
                        List.of(
                                "run",
                                project.resolve("experiment.json").toString(),
                                "--plugin",
                                jar.toString(),
                                "--set",
                                "phases.0.steps=" + STEPS,
                                "--out",
                                run.toString()),
                        List.of("swap", run.toString(), "model:" + PLUGIN, jar.toString()),
                        "a swap in run.json, and criteria that are met and refuse untrained weights",
                        said -> said.contains("verdict: met") && swaps(run)),
                new Step(
                        "samples of what it learned: the run's folder has the plugin too",
                        List.of("sample", run.toString(), "--prompt", "The ", "--length", "120"),
                        "text that goes on from the prompt",
                        said -> said.contains("The ") && said.strip().length() > 60),
                new Step(
                        "the same run again, with the swap where it was: bit for bit",
                        List.of("replay", run.toString()),
                        "every number and every weight equal up to step " + STEPS,
                        said -> said.contains("equal up to step " + STEPS)));
    }

    private static boolean swaps(Path run) {
        try {
            return Files.readString(run.resolve("run.json")).contains("\"seat\": \"model '" + PLUGIN + "'\"");
        } catch (IOException _) {
            return false;
        }
    }

    /** Takes the steps, until one does not go well. */
    End take() throws IOException, InterruptedException {
        List<Step> steps = steps();
        long began = System.nanoTime();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            long start = System.nanoTime();
            out.println((i + 1) + " of " + steps.size() + ": " + step.title());
            out.println("  $ ./kolotoc " + typed(step.line()));
            Child child = Child.start(step.line(), out);
            boolean swapped = step.swap().isEmpty() || swap(step, child);
            String said = child.end(stop);
            if (said == null) {
                return End.STOPPED;
            }
            boolean well = child.code() == 0 && swapped && step.check().test(said);
            out.println("  " + (well ? "ok, " : "FAILED, exit code " + child.code() + ", ") + seconds(start) + "; "
                    + (well ? "" : "expected: ") + step.expected() + "\n");
            if (!well) {
                out.println("do: ./kolotoc " + typed(step.line()) + " --debug");
                return End.FAILED;
            }
        }
        out.println(steps.size() + " steps, " + seconds(began) + "; all they made is in " + folder);
        return End.DONE;
    }

    private boolean swap(Step step, Child child) throws InterruptedException {
        child.await("\nstep 1", stop);
        out.println("  $ ./kolotoc " + typed(step.swap()));
        return swap.applyAsInt(step.swap().subList(1, step.swap().size()).toArray(String[]::new)) == 0;
    }

    /** As a shell takes it. */
    private static String typed(List<String> line) {
        return line.stream().map(Printable::word).collect(Collectors.joining(" "));
    }

    private static String seconds(long since) {
        return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - since) / 1e9);
    }
}
