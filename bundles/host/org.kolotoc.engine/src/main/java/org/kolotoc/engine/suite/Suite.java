package org.kolotoc.engine.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.Failure;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.prepare.Workshop;
import org.kolotoc.engine.run.Run;
import org.kolotoc.engine.state.Hash;

/**
 * The experiments of a folder, run one after the other, each in a folder of its own within that of the suite. What was judged stays
 * so; what was stopped, killed or kept from being judged is gone on with when the suite is run again over the same folder.
 */
public final class Suite {
    private static final String ENDING = ".json";

    private final Workshop workshop;
    private final String name;
    private final List<Path> experiments;
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
            Workshop workshop, String name, List<Path> experiments, Path folder, Options options, LongSupplier clock) {
        this.workshop = workshop;
        this.name = name;
        this.experiments = experiments;
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
        List<Path> wanted = found.entrySet().stream()
                .filter(entry -> only.isEmpty() || only.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        return new Suite(workshop, name, wanted, folder, options, System::nanoTime);
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
        long began = clock.getAsLong();
        BooleanSupplier usedUp = () ->
                budget.isPresent() && clock.getAsLong() - began >= budget.get().toNanos();
        List<Row> rows = new ArrayList<>();
        try (SuiteLog log = SuiteLog.open(folder)) {
            for (Path file : experiments) {
                Attempt attempt = new Attempt(log, file, listener);
                Optional<Row> before = attempt.judged();
                if (before.isPresent()) {
                    rows.add(before.get());
                } else if (stop.getAsBoolean() || usedUp.getAsBoolean()) {
                    rows.add(attempt.row(Row.State.NOT_EVALUATED, attempt.known(), why(stop, budget)));
                } else {
                    listener.begins(rows.size() + 1, experiments.size(), nameOf(file), rows, left(rows));
                    Row row = attempt.run(() -> stop.getAsBoolean() || usedUp.getAsBoolean(), () -> why(stop, budget));
                    log.ended(row);
                    rows.add(row);
                }
                SuitePage.write(folder, name, rows);
                listener.ended(rows.getLast(), before.isPresent());
            }
        }
        return rows;
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
        return mean * (experiments.size() - rows.size());
    }

    /** An experiment, to be run or gone on with. */
    private final class Attempt {
        private final SuiteLog log;
        private final Path file;
        private final Listener listener;
        private final String experiment;
        private final Optional<InputError> fault;
        private final Optional<ExperimentFile> read;
        private final String key;

        Attempt(SuiteLog log, Path file, Listener listener) throws IOException {
            this.log = log;
            this.file = file;
            this.listener = listener;
            this.experiment = nameOf(file);
            Optional<InputError> found = Optional.empty();
            Optional<ExperimentFile> changed = Optional.empty();
            try {
                ExperimentFile now = Workshop.changed(
                        ExperimentFile.read(file, sentence -> listener.heard(new Event.Disclosed(sentence))), options);
                // Criteria of another file are in it from now on.
                now.experiment();
                changed = Optional.of(now);
            } catch (InputError e) {
                found = Optional.of(e);
            }
            this.fault = found;
            this.read = changed;
            this.key = changed.isPresent()
                    ? Hash.of(changed.get().json().toString().getBytes(StandardCharsets.UTF_8))
                    : Hash.of(file);
        }

        /** What is known of it, if there is nothing left to do. */
        Optional<Row> judged() {
            return log.last(experiment, key).filter(row -> row.state() != Row.State.NOT_EVALUATED);
        }

        /** The folder of its run, where one was begun. */
        String known() {
            return log.run(experiment, key).orElse("");
        }

        private double before() {
            return log.last(experiment, key).map(Row::seconds).orElse(0.0);
        }

        Row row(Row.State state, String run, String reason) {
            return new Row(experiment, state, before(), run, key, reason);
        }

        Row run(BooleanSupplier stop, Supplier<String> why) throws IOException, InterruptedException {
            long began = clock.getAsLong();
            Row row = fault.isPresent()
                    ? row(Row.State.NOT_EVALUATED, "", reason(fault.get()))
                    : judged(new Client(stop, listener::heard), why);
            double seconds = row.seconds() + (clock.getAsLong() - began) / 1e9;
            return new Row(row.experiment(), row.state(), seconds, row.run(), row.key(), row.reason());
        }

        private Row judged(Client client, Supplier<String> why) throws InterruptedException, IOException {
            String run = folderOf();
            try {
                Run.Result result = begun(run, client).result();
                return switch (result.state()) {
                    case FINISHED -> row(state(result.verdict()), run, "");
                    case DIVERGED ->
                        row(
                                Row.State.NOT_MET,
                                run,
                                "a loss or a norm was not finite after step " + result.step()
                                        + ", so it was not judged");
                    default -> row(Row.State.NOT_EVALUATED, run, why.get() + ", saved after step " + result.step());
                };
            } catch (Stopped _) {
                return row(Row.State.NOT_EVALUATED, made(run), why.get());
            } catch (IOException | RuntimeException e) {
                return row(Row.State.NOT_EVALUATED, made(run), reason(e));
            }
        }

        /** A run that ended before it had a folder left none. */
        private String made(String run) {
            return Files.exists(folder.resolve(run)) ? run : "";
        }

        private String reason(Exception e) {
            return Failure.of(e).what().lines().map(String::strip).collect(Collectors.joining(" "));
        }

        private Row.State state(String verdict) {
            return Stream.of(Row.State.values())
                    .filter(known -> known.label().equals(verdict))
                    .findFirst()
                    .orElse(Row.State.NONE);
        }

        private Run begun(String run, Client client) throws IOException {
            Path path = folder.resolve(run);
            if (goesOn(path)) {
                return Run.goOn(workshop, path, options.out(Optional.empty()), client);
            }
            log.begun(experiment, run, key);
            return Run.begin(workshop, read.orElseThrow(), options.out(Optional.of(path)), client);
        }

        /** The folder to go on in, or one that is free: what another experiment of that name left stays. */
        private String folderOf() {
            return log.run(experiment, key)
                    .filter(run -> goesOn(folder.resolve(run)))
                    .orElseGet(() -> Stream.iterate(1, number -> number + 1)
                            .map(number -> number == 1 ? experiment : experiment + "-" + number)
                            .filter(run -> !Files.exists(folder.resolve(run)))
                            .findFirst()
                            .orElseThrow());
        }

        private boolean goesOn(Path run) {
            return RunFolder.isRun(run) && RunFolder.hasCheckpoint(run);
        }
    }
}
