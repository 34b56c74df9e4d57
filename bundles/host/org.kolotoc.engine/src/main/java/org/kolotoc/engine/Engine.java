package org.kolotoc.engine;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.channel.Live;
import org.kolotoc.engine.compare.Comparing;
import org.kolotoc.engine.device.Backends;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Schema;
import org.kolotoc.engine.feature.Features;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.foreign.Exported;
import org.kolotoc.engine.foreign.Imported;
import org.kolotoc.engine.lease.OtherCode;
import org.kolotoc.engine.lease.Retiring;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.plan.Diagnosis;
import org.kolotoc.engine.plan.Plan;
import org.kolotoc.engine.plan.Planning;
import org.kolotoc.engine.prepare.Examination;
import org.kolotoc.engine.prepare.Restored;
import org.kolotoc.engine.prepare.Talk;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.prepare.Workshop;
import org.kolotoc.engine.replay.Outcome;
import org.kolotoc.engine.replay.Replay;
import org.kolotoc.engine.run.Run;
import org.kolotoc.engine.suite.Suite;
import org.kolotoc.engine.why.Setting;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Where everything begins: runs, replays, samples and whatever only looks at an experiment. It prints nothing. */
@Component(service = Engine.class)
public final class Engine {
    /** Every JSON format there is a schema of. */
    public static final List<String> FORMATS = List.of(
            "experiment",
            "run",
            "metrics",
            "checkpoint",
            "criteria",
            "verdict",
            "lock",
            "profile",
            "ledger",
            "features",
            "policy",
            "probes",
            "comparison",
            "judgement");

    private static final Gson LINE = new GsonBuilder()
            .disableHtmlEscaping()
            .registerTypeAdapter(Double.class, (JsonSerializer<Double>)
                    (value, _, _) -> Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE)
            .create();

    private static final Gson GSON = LINE.newBuilder().setPrettyPrinting().create();

    private final BundleContext context;
    private final Workshop workshop;

    @Activate
    public Engine(BundleContext context) {
        this.context = context;
        this.workshop = new Workshop(context);
    }

    public Seats seats() {
        return workshop.seats();
    }

    /** What is installed besides the program, and how that is changed. */
    public Features features() {
        return new Features(context, workshop.retiring());
    }

    /**
     * Takes bundles out: those that a run uses when that has ended, see {@link Retiring}.
     *
     * @return those that are still used
     */
    public List<Bundle> retire(Collection<Bundle> bundles) {
        return workshop.retiring().retire(bundles);
    }

    /** Why plugins can be used, or can't. */
    public Diagnosis diagnosis() {
        return new Diagnosis(context, seats(), workshop.installed());
    }

    /**
     * Says which seats of an experiment would be filled, and what is missing.
     *
     * @throws InputError when the file is no experiment
     */
    public Plan plan(ExperimentFile experiment) {
        return new Planning(diagnosis(), backends(), project().resolve("runs")).of(experiment);
    }

    /** What programs can run on. */
    public Backends backends() {
        return workshop.backends();
    }

    /** Root of the project, or the current folder. */
    public Path project() {
        return workshop.project();
    }

    /**
     * Reads an experiment with the changes of the command line.
     *
     * @param client hears of what the copy in a run's folder makes the program read
     */
    public ExperimentFile read(Path path, Options options, Client client) {
        return Workshop.changed(
                ExperimentFile.read(path, sentence -> client.tell(new Event.Disclosed(sentence))), options);
    }

    /** Begins a run in a folder of its own; it goes on on a thread of its own. */
    public Run start(ExperimentFile experiment, Options options, Client client) {
        return Run.begin(workshop, experiment, options, client);
    }

    /** Goes on with the run of a folder, from its newest checkpoint or the one that the options name. */
    public Run resume(Path folder, Options options, Client client) {
        return Run.goOn(workshop, folder, options, client);
    }

    /** The experiments of a folder, to be run one after the other, see {@link Suite#of}. */
    public Suite suite(Path experiments, Collection<String> only, Options options) {
        return Suite.of(workshop, experiments, only, options);
    }

    /** A comparison of two sides, to be trained and judged, see {@link Comparing#of}. */
    public Comparing comparison(Path file, Collection<String> only, Collection<Long> seeds, Options options) {
        return Comparing.of(workshop, file, only, seeds, options);
    }

    /**
     * The run of a folder that goes on in some process of this user, to be spoken to.
     *
     * @param waiting hears what the run is at, as long as an answer takes
     * @throws InputError when there is no such folder, it is no run's, or it holds what is not its own
     */
    public Live live(Path folder, Consumer<String> waiting) {
        return Live.of(folder, waiting);
    }

    /** Runs that go on in a folder: its own, or those of the folders in it. */
    public List<Live> liveIn(Path folder) {
        return Live.below(folder);
    }

    /**
     * Fills the seats of an experiment and prepares it; trains nothing.
     *
     * @throws InputError with everything that is wrong
     */
    public Workbench workbench(ExperimentFile experiment, Options options, Client client) {
        return workshop.workbench(experiment, options, Leases.free(), Optional.empty(), false, client);
    }

    /**
     * Takes steps of a run again, see {@link Replay#of}.
     *
     * @param listener hears how far it is
     */
    public Outcome replay(
            Path run, Options options, Optional<Long> to, long every, Client client, Replay.Listener listener)
            throws IOException {
        return Replay.of(workshop, run, options, to, every, client, listener);
    }

    /**
     * Makes the folder of a run of a checkpoint that another library wrote, see {@link Imported#of}.
     *
     * @param out the folder; one below {@code runs} if not given
     * @param stop whether somebody wants it to end
     */
    public Imported importing(Path from, Optional<Path> out, BooleanSupplier stop) throws IOException {
        return Imported.of(from, out, project(), seats(), stop);
    }

    /**
     * Writes a model of a run as another library reads it, see {@link Exported#of}.
     *
     * @param options which checkpoint, and whether code of the folder may run
     * @param model its name, where the run has several
     * @param out a folder that is not there, or empty
     * @param client may stop it, and is warned where nobody knows what made the run
     */
    public Exported exporting(Path run, Options options, Optional<String> model, Path out, Client client)
            throws IOException {
        RunFolder.look(run);
        Leases leases = workshop.models(run, options, client);
        try (Retiring.Use _ = workshop.retiring().use(leases)) {
            Exported exported = Exported.of(
                    run, options.from(), model, out, workshop.seats().leased(leases), client.stop());
            if (exported.trained()) {
                OtherCode.unknown(run, leases, workshop.installed()).ifPresent(client::warn);
            }
            return exported;
        }
    }

    /**
     * Who set the values of an experiment at a path, or below it.
     *
     * @throws InputError when there is nothing at the path
     */
    public List<Setting> why(ExperimentFile file, String path) {
        return workshop.why(file, path);
    }

    /**
     * Takes the models of a run from a checkpoint, with what it takes to let them draw.
     *
     * @param changes made to the experiment first
     * @throws InputError when the folder is no run's, or the checkpoint is damaged
     */
    public Restored restored(Path run, Options options, Consumer<ExperimentFile> changes, Client client) {
        return Restored.of(workshop, run, options, changes, client);
    }

    /**
     * Has samples of a checkpoint judged, see {@link Examination}.
     *
     * @param metrics ids of metrics, their JSON, or names of what they measure; all of the run's own where there is none
     * @param samples which of the run's samples metrics look at that it does not have; the first if not given
     * @param borrowed folders of other runs, by the name of a model there, which takes the place of the one of that name here
     * @param client hears what the ledger notes
     * @throws InputError when the folder is no run's, the checkpoint is damaged, or something can't be measured
     */
    public Examination examination(
            Path run,
            Options options,
            List<String> metrics,
            Optional<String> samples,
            Map<String, Path> borrowed,
            Client client) {
        return Examination.of(workshop, run, options, metrics, samples, borrowed, client);
    }

    /**
     * Takes a model of a run from a checkpoint, to be talked to, see {@link Talk}.
     *
     * @param sampler id of a sampler that answers
     * @param changes made to the experiment, whose {@code samples} are this sampler alone
     * @throws InputError when the folder is no run's, the checkpoint is damaged, or the model writes no text
     */
    public Talk talk(Path run, Options options, String sampler, Consumer<ExperimentFile> changes, Client client) {
        return Talk.of(workshop, run, options, sampler, changes, client);
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
     * The JSON Schema of a format: {@code experiment} with the fields of every plugin, {@code run}, {@code metrics},
     * {@code checkpoint}, {@code verdict}, {@code lock}, {@code profile}.
     *
     * @param leftOut hears of plugins whose fields can't be told
     * @throws InputError when there is no such format
     */
    public String schema(String format, Consumer<String> leftOut) throws IOException {
        if (format.equals("criteria")) {
            return json(Schema.criteria());
        }
        if (format.equals("experiment")) {
            return json(Schema.experiment(seats().settings(leftOut)));
        }
        if (format.equals("comparison")) {
            return json(Comparing.schema(seats().settings(leftOut)));
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

    /** The same as {@link #json} on one line. */
    public static String line(Object value) {
        return Printable.json(LINE.toJson(value));
    }

    /** Records, maps, lists and scalars as JSON text; what is not finite is left out. */
    public static String json(Object value) {
        return Printable.json(GSON.toJson(value));
    }
}
