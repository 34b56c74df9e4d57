package org.kolotoc.engine.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.prepare.Workshop;

/**
 * The experiments of a folder, run one after the other, each in a folder of its own within that of the suite. What was judged stays
 * so; what was stopped, killed or kept from being judged is gone on with when the suite is run again over the same folder.
 */
public final class Suite {
    private static final String ENDING = ".json";

    private final Workshop workshop;
    private final String name;
    private final List<Task> tasks;
    private final List<Task> beside;
    private final Path folder;
    private final Options options;
    private final LongSupplier clock;

    /** Hears how a suite goes on. */
    public interface Listener {
        /**
         * An experiment is run now.
         *
         * @param number of it, from 1 on
         * @param rows that are there
         * @param secondsLeft for it and all behind, if they take as long as those before in the mean; negative where there were none
         */
        void begins(int number, int of, String experiment, List<Row> rows, double secondsLeft);

        /** Something of its run. */
        void heard(Event event);

        /**
         * One is done, now or before.
         *
         * @param before whether that was known when the suite was begun
         */
        void ended(Row row, boolean before);
    }

    private Suite(
            Workshop workshop,
            String name,
            List<Task> tasks,
            List<Task> beside,
            Path folder,
            Options options,
            LongSupplier clock) {
        this.workshop = workshop;
        this.name = name;
        this.tasks = tasks;
        this.beside = beside;
        this.folder = folder;
        this.options = options;
        this.clock = clock;
    }

    /**
     * The suite of a folder.
     *
     * @param only names of the experiments that are wanted; all where none is given
     * @param options of every run; {@code out} is where the suite is written, {@code runs/suite-<folder>} if not given
     * @throws InputError when there is no such folder, no experiment in it, or none of a name
     */
    public static Suite of(Workshop workshop, Path experiments, Collection<String> only, Options options) {
        if (!Files.isDirectory(experiments)) {
            throw InputError.of(
                    experiments + " is no folder; expected one with experiments",
                    "./kolotoc suite <folder>, or ./kolotoc run <experiment> for one alone");
        }
        Map<String, Path> found = found(experiments);
        for (String name : only) {
            if (!found.containsKey(name)) {
                throw InputError.of(
                        "--only " + name + ": there is no " + experiments.resolve(name + ENDING)
                                + Nearest.hint(name, found.keySet()),
                        "name files of the folder without their ending: " + String.join(", ", found.keySet()));
            }
        }
        String name = experiments.toAbsolutePath().normalize().getFileName().toString();
        Path folder = options.out()
                .orElseGet(() -> workshop.project()
                        .resolve("runs")
                        .resolve("suite-" + name
                                + options.seed().map(seed -> "-" + seed).orElse("")));
        List<Task> wanted = found.entrySet().stream()
                .filter(entry -> only.isEmpty() || only.contains(entry.getKey()))
                .map(entry -> Task.of(entry.getKey(), entry.getValue()))
                .toList();
        return new Suite(workshop, name, wanted, List.of(), folder, options, System::nanoTime);
    }

    /**
     * The suite of some experiments, each of which stays what it was where it was begun.
     *
     * @param name of all of them
     * @param beside others of the suite, which are not to be run now
     * @param options of every run; {@code out} is where the suite is written
     */
    public static Suite of(Workshop workshop, String name, List<Task> tasks, List<Task> beside, Options options) {
        return new Suite(workshop, name, tasks, beside, options.out().orElseThrow(), options, System::nanoTime);
    }

    /** By name. */
    private static Map<String, Path> found(Path folder) {
        Map<String, Path> found = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(ENDING) && Files.isRegularFile(file))
                    .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                    .forEach(file -> found.put(nameOf(file), file));
        } catch (IOException e) {
            throw InputError.of(folder + " can't be read: " + e.getMessage(), "see that you may read it", e);
        }
        if (found.isEmpty()) {
            throw InputError.of(
                    "there is no experiment in " + folder + "; expected files that end with " + ENDING,
                    "./kolotoc suite examples/experiments");
        }
        return found;
    }

    private static String nameOf(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ENDING.length());
    }

    /** Where it is written. */
    public Path folder() {
        return folder;
    }

    /** The page with all reports. */
    public Path page() {
        return folder.resolve(SuitePage.FILE);
    }

    /** {@code 3 met, 1 not met}. */
    public static String summary(List<Row> rows) {
        return Stream.of(Row.State.values())
                .map(state -> Map.entry(
                        state, rows.stream().filter(row -> row.state() == state).count()))
                .filter(count -> count.getValue() > 0)
                .map(count -> count.getValue() + " " + count.getKey().label())
                .collect(Collectors.joining(", "));
    }

    /** A row as a line of JSON, as {@code suite.jsonl} has it. */
    public static String json(Row row) {
        return SuiteLog.json(row);
    }

    /**
     * Runs what is not judged yet. When somebody stops it, or the time is used up, the run that goes on is saved.
     *
     * @param budget for all of it; without end where there is none
     * @return a row for each experiment
     * @throws InputError when the folder is no suite's, or another process runs it
     */
    public List<Row> run(Optional<Duration> budget, BooleanSupplier stop, Listener listener)
            throws IOException, InterruptedException {
        return run(budget, stop, listener, (rows, _) -> rows);
    }

    /**
     * Makes something of what became of the experiments.
     *
     * @param <R> what it makes
     */
    @FunctionalInterface
    public interface After<R> {
        /**
         * Makes it.
         *
         * @param rows of the experiments
         * @param beside those of others of the suite, which were judged before
         */
        R of(List<Row> rows, List<Row> beside) throws IOException;
    }

    /**
     * The same.
     *
     * @param after what is to be done while no other process may work in the folder
     * @return what that made
     */
    public <R> R run(Optional<Duration> budget, BooleanSupplier stop, Listener listener, After<R> after)
            throws IOException, InterruptedException {
        long began = clock.getAsLong();
        BooleanSupplier usedUp = () ->
                budget.isPresent() && clock.getAsLong() - began >= budget.get().toNanos();
        List<Row> rows = new ArrayList<>();
        try (SuiteLog log = SuiteLog.open(folder)) {
            List<Row> others = new ArrayList<>();
            for (Task task : beside) {
                new Attempt(workshop, log, folder, task, options, clock, listener)
                        .judged()
                        .ifPresent(others::add);
            }
            for (Task task : tasks) {
                Attempt attempt = new Attempt(workshop, log, folder, task, options, clock, listener);
                Optional<Row> before = attempt.judged();
                if (before.isPresent()) {
                    rows.add(before.get());
                } else if (stop.getAsBoolean() || usedUp.getAsBoolean()) {
                    rows.add(attempt.row(Row.State.NOT_EVALUATED, attempt.known(), why(stop, budget)));
                } else {
                    listener.begins(rows.size() + 1, tasks.size(), task.name(), rows, left(rows));
                    Row row = attempt.run(() -> stop.getAsBoolean() || usedUp.getAsBoolean(), () -> why(stop, budget));
                    log.ended(row);
                    rows.add(row);
                }
                SuitePage.write(
                        folder,
                        name,
                        Stream.concat(others.stream(), rows.stream()).toList());
                listener.ended(rows.getLast(), before.isPresent());
            }
            return after.of(rows, others);
        }
    }

    private static String why(BooleanSupplier stop, Optional<Duration> budget) {
        return stop.getAsBoolean()
                ? "stopped"
                : "the budget of " + budget.orElse(Duration.ZERO).toSeconds() + " s is used up";
    }

    private double left(List<Row> rows) {
        double mean = rows.stream()
                .filter(row -> row.seconds() > 0)
                .mapToDouble(Row::seconds)
                .average()
                .orElse(-1);
        return mean * (tasks.size() - rows.size());
    }
}
