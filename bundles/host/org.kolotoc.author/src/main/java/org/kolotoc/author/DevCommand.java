package org.kolotoc.author;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.author.build.Bundler;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc dev}: builds a plugin whenever one of its files is saved, and plugs it in. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=dev",
            "kolotoc.command.summary=builds a plugin whenever it is saved, and swaps it into a run",
            "kolotoc.command.stoppable=true"
        })
public final class DevCommand implements Command {
    private static final String RUN = "--run";
    private static final String ONCE = "--once";
    private static final Syntax SYNTAX = Syntax.of(
                    "dev", "<folder> [--run <experiment> [options of its run]]", "<folder> --once")
            .option(RUN, "<experiment>", "runs it with the plugin, and swaps each build into that run")
            .flag(ONCE, "builds the jar that Maven would, and ends")
            .takes(Shared.SET, Shared.SEED, Shared.OUT, Shared.DATA, Shared.BACKEND, Shared.THREADS, Shared.MEMORY)
            .notes("""
                Compiles the sources of a plugin's project, makes a bundle of them as its pom says, and plugs it in: within this
                process, without Maven. What the compiler says is shown with file and line, and the build before stays. It
                knows the contracts and what --plugin names; other dependencies of the pom are read from target/dependency,
                where mvn dependency:copy-dependencies puts them.

                A run goes on over the same state with each build, from its next step on, unless that does not fit: then it says
                why, and goes on as before. When it has ended, the next build begins another. Ctrl-C saves it.

                examples:
                  ./kolotoc dev my-model
                  ./kolotoc dev my-model --run my-model/experiment.json --set phases.0.steps=100000
                  ./kolotoc dev my-model --once

                exit code: of --once 0 if it can be used, 1 if not
                """);

    private final BundleContext context;
    private final Engine engine;
    private final BooleanSupplier stop;

    @Activate
    public DevCommand(
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
        return Work.guarded(() -> SYNTAX.run(arguments, System.out, this::begin));
    }

    private int begin(Line line) throws IOException {
        Path folder = line.file("the folder of a plugin's project", "./kolotoc dev my-model");
        Optional<Path> experiment = line.text(RUN).map(Path::of);
        if (line.has(ONCE) && experiment.isPresent()) {
            throw InputError.of(
                    ONCE + " was given with " + RUN + "; expected one of the two",
                    "./kolotoc dev " + Printable.word(folder) + " " + ONCE);
        }
        PluggedIn plugged = new PluggedIn(context, engine);
        try (Bundler bundler = new Bundler(plugged.contracts())) {
            DevLoop loop = new DevLoop(folder, bundler, plugged, System.out);
            if (line.has(ONCE)) {
                return (loop.once() ? ExitCode.DONE : ExitCode.FAILED).code();
            }
            loop.turn(experiment.map(file -> new Runs(engine, file, line.options(), stop, System.out)), stop);
            return ExitCode.INTERRUPTED.code();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.code();
        }
    }
}
