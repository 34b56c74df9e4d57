package org.kolotoc.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.Failure;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.event.EventLine;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.isolate.Outcome;
import org.kolotoc.engine.isolate.Relay;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.run.Run;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc run}: trains, headless. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=run",
            "kolotoc.command.summary=trains what an experiment describes; --resume goes on with a run",
            "kolotoc.command.stoppable=true",
            "kolotoc.command.stopping=stopping when the step and what is due after it are done"
        })
public final class RunCommand implements Command {
    private static final Syntax SYNTAX = Syntax.of(
                    "run", "<experiment.json> [options]", "--resume <run folder> [--from <step>]")
            .takes(
                    Shared.OUT,
                    Shared.RESUME,
                    Shared.FROM,
                    Shared.SET,
                    Shared.SEED,
                    Shared.DATA,
                    Shared.BACKEND,
                    Shared.THREADS,
                    Shared.MEMORY,
                    Shared.PATIENCE,
                    Shared.ISOLATED,
                    Shared.TRUST,
                    Shared.DOWNLOAD,
                    Shared.JSON,
                    Shared.QUIET)
            .notes("""
                examples:
                  ./kolotoc run examples/experiments/first.json
                  ./kolotoc run examples/experiments/shakespeare.json --seed 2 --set phases.0.steps=500
                  ./kolotoc run --resume runs/shakespeare-2-20260101-120000

                A run that goes on may be given what only steps to come notice: --set for the last phase's steps (a learning
                rate that falls over all steps does so anew from there), evaluateAt, evaluateEvery, samples, metrics,
                criteria, controls, checkpointEvery, keepCheckpoints; --backend and --threads. experiment.json then holds what
                runs, run.json what was changed at which step. Other settings belong to the run's past and are refused. With
                --from, later checkpoints and samples move to the folder superseded.

                A plugin that breaks is quarantined in its run: where it came by a swap, the run goes back to a checkpoint and on
                with the plugin before, else it ends. One that does not come back is told from one that takes long by the times
                that its calls took before, see --patience. With --isolated a crash, or an end from inside, ends the run's own
                process alone.

                With --json every event is a line: {"event": "stepped", "step": 1, ...}; the last but one is the verdict.

                exit code: 0 criteria met, or none; 1 not met, or void; 2 bad input, a device or a plugin at fault;
                3 a defect of the program; 4 a loss or a norm was not finite; 5 the process was ended from inside or crashed;
                129, 130, 143 stopped by SIGHUP, Ctrl-C, SIGTERM, and saved
                """);

    private final Engine engine;
    private final Terminal terminal;
    private final BooleanSupplier stop;

    @Activate
    public RunCommand(
            @Reference Engine engine,
            @Reference Terminal terminal,
            @Reference(target = "(kolotoc.stop=true)") BooleanSupplier stop) {
        this.engine = engine;
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), line -> run(line.options())));
    }

    private int run(Options options) throws IOException {
        check(options);
        Optional<Relay> relay = Relay.ofThisProcess();
        if (relay.isPresent()) {
            return run(options, relay.get());
        }
        RunProgress progress = new RunProgress(terminal.out(), terminal.screen());
        AtomicBoolean noted = new AtomicBoolean();
        Client client = new Client(stop, event -> {
            // A run that is long begins twice: once more when it was shown that it can go on.
            if (event instanceof Event.Began began && noted.compareAndSet(false, true)) {
                note(began);
            }
            heard(event, options, progress);
        });
        try {
            return code(begun(options, client).result());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.code();
        } finally {
            progress.end();
        }
    }

    private Run begun(Options options, Client client) {
        return options.resume().isPresent()
                ? engine.resume(options.resume().get(), options, client)
                : engine.start(engine.read(Path.of(options.files().getFirst()), options, client), options, client);
    }

    /** For the process that began this one, and tells people. */
    private int run(Options options, Relay relay) {
        try {
            Run.Result result = begun(options, relay.client(stop)).result();
            relay.tell(new Outcome(
                    result.state().name(), result.step(), result.folder(), result.verdict(), result.refused()));
            return code(result);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.code();
        } catch (IOException | RuntimeException | Error e) {
            Failure failure = Failure.of(e);
            relay.tell(failure);
            return failure.code().code();
        }
    }

    private static void check(Options options) {
        if (options.resume().isPresent()) {
            if (!options.files().isEmpty()) {
                throw InputError.of(
                        "--resume takes the run's own experiment; '"
                                + options.files().getFirst() + "' was given too",
                        "leave the experiment out");
            }
            if (options.out().isPresent()) {
                throw InputError.of(
                        "--out " + options.out().get() + " was given with --resume, which goes on in the run's own"
                                + " folder; expected one of the two",
                        "leave --out out");
            }
            return;
        }
        if (options.from().isPresent()) {
            throw InputError.of(
                    "--from " + options.from().get() + " was given without --resume; expected the run whose checkpoint"
                            + " of that step is meant",
                    "./kolotoc run --resume <run folder> --from "
                            + options.from().get());
        }
        if (options.files().size() != 1) {
            throw InputError.of(
                    "run takes one experiment file, " + options.files().size() + " were given",
                    "./kolotoc run examples/experiments/first.json");
        }
    }

    private void heard(Event event, Options options, RunProgress progress) {
        if (event instanceof Event.Warned || event instanceof Event.Disclosed || event instanceof Event.Quarantined) {
            progress.end();
            terminal.tellAside(event);
        } else if (event instanceof Event.Ended ended && !ended.state().equals("finished")) {
            progress.end();
            terminal.err()
                    .println(
                            ended.next().isEmpty()
                                    ? ended.text()
                                    : "kolotoc: " + ended.text() + "\n  do: " + ended.next());
        } else if (!options.json()
                && (!options.quiet() || event instanceof Event.Judged || event instanceof Event.Ended)) {
            progress.heard(event);
        }
        if (options.json() && !event.isProgress()) {
            terminal.out().println(EventLine.of(event));
        }
    }

    /**
     * Writes how to go on into the file that the system property {@code kolotoc.note} names, where there is one: for whoever
     * started the process, should it end under the run's hands. Into a fresh file: its folder is everybody's.
     */
    private static void note(Event.Began began) {
        String file = System.getProperty("kolotoc.note", "");
        if (!file.isEmpty()) {
            try {
                Files.writeString(
                        Path.of(file),
                        "./kolotoc run --resume " + Printable.word(began.folder()) + "   (if it has a checkpoint)\n",
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw InputError.of("the note " + file + " can't be written: " + Printable.reason(e), "remove it", e);
            }
        }
    }

    private static int code(Run.Result result) {
        return (switch (result.state()) {
                    case FINISHED -> result.refused() ? ExitCode.FAILED : ExitCode.DONE;
                    case DIVERGED -> ExitCode.DIVERGED;
                    default -> ExitCode.INTERRUPTED;
                })
                .code();
    }
}
