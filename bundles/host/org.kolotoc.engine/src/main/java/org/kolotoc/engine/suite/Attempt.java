package org.kolotoc.engine.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.prepare.Workshop;
import org.kolotoc.engine.run.Run;
import org.kolotoc.engine.state.Hash;

/** An experiment of a suite, to be run or gone on with. */
final class Attempt {
    private final Workshop workshop;
    private final SuiteLog log;
    private final Path folder;
    private final Options options;
    private final LongSupplier clock;
    private final Suite.Listener listener;
    private final String experiment;
    private final boolean lasts;
    private final Optional<InputError> fault;
    private final Optional<ExperimentFile> read;
    private final String key;

    /** @throws InputError when it was begun as another, and its task does not allow that */
    Attempt(
            Workshop workshop,
            SuiteLog log,
            Path folder,
            Task task,
            Options options,
            LongSupplier clock,
            Suite.Listener listener)
            throws IOException {
        this.workshop = workshop;
        this.log = log;
        this.folder = folder;
        this.options = options;
        this.clock = clock;
        this.listener = listener;
        this.experiment = task.name();
        this.lasts = task.stays();
        Optional<InputError> found = Optional.empty();
        Optional<ExperimentFile> changed = Optional.empty();
        try {
            ExperimentFile now =
                    Workshop.changed(task.file(sentence -> listener.heard(new Event.Disclosed(sentence))), options);
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
                : task.fault();
        requireSame(task);
    }

    private void requireSame(Task task) {
        if (task.stays()) {
            log.other(experiment, key).ifPresent(run -> {
                throw InputError.of(
                        folder.resolve(run) + " is a run of another experiment than " + experiment
                                + " is now: its file, --set or another option changed",
                        "put that back as it was; or run all anew in another folder: --out <folder>");
            });
        }
    }

    /** What is known of it, if there is nothing left to do; of one that lasts, as long as its folder is there. */
    Optional<Row> judged() {
        return log.last(experiment, key)
                .filter(row -> row.state() != Row.State.NOT_EVALUATED)
                .filter(row -> !lasts || Files.exists(folder.resolve(row.run())));
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
                            "a loss or a norm was not finite after step " + result.step() + ", so it was not judged");
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
