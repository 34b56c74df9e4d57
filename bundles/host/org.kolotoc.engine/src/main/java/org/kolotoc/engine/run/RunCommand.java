package org.kolotoc.engine.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.open.Options;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc run}: trains, headless. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=run",
            "kolotoc.command.summary=trains what an experiment describes; --resume goes on with a run",
            "kolotoc.command.stoppable=true"
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

                exit code: 0 criteria met, or none; 1 not met, or void; 2 bad input, a device or a plugin at fault;
                3 a defect of the program; 4 a loss or a norm was not finite; 5 the process was ended from inside or crashed;
                129, 130, 143 stopped by SIGHUP, Ctrl-C, SIGTERM, and saved
                """);

    private final Engine engine;
    private final BundleContext context;
    private final BooleanSupplier stop;

    @Activate
    public RunCommand(
            BundleContext context,
            @Reference Engine engine,
            @Reference(target = "(kolotoc.stop=true)") BooleanSupplier stop) {
        this.context = context;
        this.engine = engine;
        this.stop = stop;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return engine.guarded(() -> SYNTAX.run(arguments, line -> run(line.options())));
    }

    private int run(Options options) throws IOException {
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
            return new Opening(engine, context, stop, options)
                    .goOn(options.resume().get());
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
        return new Opening(engine, context, stop, options)
                .begin(engine.read(Path.of(options.files().getFirst()), options));
    }
}
