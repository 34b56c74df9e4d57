package org.kolotoc.engine;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.data.DataPlaces;
import org.kolotoc.engine.data.LockedData;
import org.kolotoc.engine.data.Waiting;
import org.kolotoc.engine.device.Backends;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Schema;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.lease.BundleContent;
import org.kolotoc.engine.lease.InstalledBundles;
import org.kolotoc.engine.lease.LockedSeats;
import org.kolotoc.engine.lease.Trusted;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.open.Past;
import org.kolotoc.engine.prepare.Environment;
import org.kolotoc.engine.prepare.Restored;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.progress.Screen;
import org.kolotoc.engine.progress.StatusLine;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.tensor.DeviceFailure;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Where commands begin: reads experiments and fills their seats from what is plugged in. */
@Component(service = Engine.class)
public final class Engine {
    /** Every JSON format there is a schema of. */
    public static final List<String> FORMATS =
            List.of("experiment", "run", "metrics", "checkpoint", "criteria", "verdict", "lock", "profile");

    /** Kinds of the seats that nobody needs who draws samples; any other may fill a part of a model or a sampler. */
    private static final Set<String> TRAINING = Set.of(Seat.DATA, Seat.PHASE, Seat.OPTIMIZER, Seat.METRIC);

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private final BundleContext context;
    private final Seats seats;
    private final Backends backends;

    @Activate
    public Engine(BundleContext context) {
        this.context = context;
        this.seats = new Seats(context);
        this.backends = new Backends(context);
    }

    public Seats seats() {
        return seats;
    }

    /** Where standard output and standard error appear. */
    public Screen screen() {
        return Screen.of(context);
    }

    /** Root of the project, or the current folder. */
    public Path project() {
        return Path.of(
                Optional.ofNullable(context.getProperty("kolotoc.project")).orElse("."));
    }

    /** Reads an experiment with the changes of the command line. */
    public ExperimentFile read(Path path, Options options) {
        return changed(ExperimentFile.read(path), options);
    }

    /** An experiment with the changes of the command line made to it. */
    public ExperimentFile changed(ExperimentFile file, Options options) {
        options.sets().forEach(file::set);
        options.seed().ifPresent(seed -> file.set("seed", new JsonPrimitive(seed)));
        options.backend().ifPresent(backend -> file.set("backend", new JsonPrimitive(backend)));
        return file;
    }

    /**
     * Fills the seats of an experiment and checks that its criteria can be judged; trains nothing.
     *
     * @throws InputError with everything that is wrong
     */
    public Workbench workbench(ExperimentFile file, Options options) {
        return workbench(file, options, Leases.free(), Optional.empty(), false, () -> false);
    }

    /**
     * The same for a run.
     *
     * @param leases what fills the seats; knows it all afterwards
     * @param past to go on from
     * @param ofRun whether the experiment is the copy in a run's folder: its data has to be what it was
     * @param stop whether somebody wants to stop
     * @throws org.kolotoc.api.Stopped when somebody does
     */
    public Workbench workbench(
            ExperimentFile file,
            Options options,
            Leases leases,
            Optional<Past> past,
            boolean ofRun,
            BooleanSupplier stop) {
        Optional<LockedData> locked =
                ofRun ? Optional.of(LockedData.of(file.path().resolveSibling(RunFolder.LOCK))) : Optional.empty();
        return Workbench.of(file.experiment(), file.source(), environment(file, options, leases, locked, stop), past);
    }

    private Environment environment(
            ExperimentFile file, Options options, Leases leases, Optional<LockedData> locked, BooleanSupplier stop) {
        return new Environment(
                seats.leased(leases),
                backends::find,
                new DataPlaces(options.data(), project(), options.download(), file.origin(), locked),
                new Waiting(stop, options.quiet(), new StatusLine(System.err, screen())));
    }

    /**
     * What fills the seats of a run that is there: the bundles that its lock names, out of its folder where they are not
     * plugged in.
     *
     * @throws InputError when what the folder keeps of them may not run, or was altered
     */
    public Leases leases(Path run, Options options) {
        LockedSeats locked = LockedSeats.of(run);
        return leases(locked, locked.now(), options);
    }

    /** The same for some of the seats, or those of an earlier step. */
    public Leases leases(LockedSeats locked, Map<SeatName, BundleContent> seats, Options options) {
        return locked.leases(seats, installed(), Trusted.of(context), options.trust());
    }

    /** The bundles that are plugged in. */
    public InstalledBundles installed() {
        return new InstalledBundles(context);
    }

    /** What it takes to draw samples: who trained the models runs no code. */
    private Leases samplers(Path run, Options options) {
        LockedSeats locked = LockedSeats.of(run);
        Map<SeatName, BundleContent> drawing = locked.now();
        drawing.keySet().removeIf(seat -> TRAINING.contains(seat.kind()));
        return leases(locked, drawing, options);
    }

    /**
     * Looks at a folder into which something is to be written that belongs to nobody's run.
     *
     * @throws InputError when it is a run's and holds what is not its own
     */
    public static void look(Path folder) {
        RunFolder.lookAtRun(folder);
    }

    /**
     * Takes the model of a run from a checkpoint, with what it takes to let it write. Neither the data nor the criteria of
     * the run are read.
     *
     * @param changes made to the experiment first
     * @throws InputError when the folder is no run's, or the checkpoint is damaged
     */
    public Restored restored(Path runFolder, Options options, Consumer<ExperimentFile> changes) {
        RunFolder.look(runFolder);
        ExperimentFile file = read(runFolder.resolve(RunFolder.EXPERIMENT), options);
        file.set("criteria", new JsonArray());
        changes.accept(file);
        Checkpoints checkpoints = new Checkpoints(runFolder);
        Checkpoints.Checkpoint checkpoint = checkpoints.read(options.from());
        Environment environment =
                environment(file, options, samplers(runFolder, options), Optional.empty(), () -> false);
        return Restored.of(file.experiment(), file.source(), environment, Past.of(checkpoint, checkpoints), checkpoint);
    }

    /**
     * The JSON Schema of a format: {@code experiment} with the fields of every plugin, {@code run}, {@code metrics},
     * {@code checkpoint}, {@code verdict}, {@code lock}, {@code profile}.
     *
     * @throws InputError when there is no such format
     */
    public String schema(String format) throws IOException {
        if (format.equals("criteria")) {
            return json(Schema.criteria());
        }
        if (format.equals("experiment")) {
            return json(Schema.experiment(
                    seats.settings(leftOut -> System.err.println("warning: left out: " + Printable.lines(leftOut)))));
        }
        if (!FORMATS.contains(format)) {
            throw InputError.of(
                    "there is no format '" + format + "'" + Nearest.hint(format, FORMATS) + " (there are "
                            + String.join(", ", FORMATS) + ")",
                    "./kolotoc schema experiment");
        }
        try (InputStream resource = Engine.class.getResourceAsStream("schema/" + format + ".json")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    /** Records, maps, lists and scalars as JSON text. */
    public static String json(Object value) {
        return GSON.toJson(value);
    }

    /** What programs can run on. */
    public Backends backends() {
        return backends;
    }

    /** A command's work. */
    @FunctionalInterface
    public interface Command {
        int run() throws IOException;
    }

    /** Runs a command; what a person did wrong becomes a message and exit code 2, without a stack trace. */
    public int guarded(Command command) {
        try {
            return command.run();
        } catch (Stopped e) {
            System.err.println("stopped before anything was written; the same command begins again");
            debug(e);
            return ExitCode.INTERRUPTED.code();
        } catch (InputError e) {
            return said(e.getMessage(), e.next(), ExitCode.BAD_INPUT, e);
        } catch (IOException e) {
            return said("a file can't be read or written: " + e.getMessage(), "", ExitCode.BAD_INPUT, e);
        } catch (PluginFailure e) {
            return said(
                    e.getMessage(),
                    "mend the plugin or leave it out; ./kolotoc list shows what is plugged in",
                    ExitCode.BAD_INPUT,
                    e);
        } catch (RuntimeException | Error e) {
            if (isStopping()) {
                debug(e);
                return ExitCode.INTERRUPTED.code();
            }
            return e instanceof DeviceFailure
                    ? said(e.getMessage(), "--backend cpu; ./kolotoc devices tests each device", ExitCode.BAD_INPUT, e)
                    : said(
                            "this should not have happened: " + e,
                            "run it again with --debug and report what it prints",
                            ExitCode.DEFECT,
                            e);
        }
    }

    /** Tells what ended a command and what to do; parts of it may come from anywhere. */
    private int said(String what, String next, ExitCode code, Throwable e) {
        System.err.println("kolotoc: " + Printable.lines(what));
        if (!next.isEmpty()) {
            System.err.println("  do: " + Printable.lines(next));
        }
        debug(e);
        return code.code();
    }

    /** Whether somebody stops the host under the command's hands; what fails then is no news. */
    private boolean isStopping() {
        try {
            return context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() != Bundle.ACTIVE;
        } catch (IllegalStateException _) {
            return true;
        }
    }

    private void debug(Throwable e) {
        if (Boolean.parseBoolean(context.getProperty("kolotoc.debug"))) {
            e.printStackTrace();
        }
    }
}
