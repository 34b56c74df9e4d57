package org.kolotoc.engine.prepare;

import com.google.gson.JsonArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Model;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.check.Wiring;
import org.kolotoc.engine.check.Wirings;
import org.kolotoc.engine.device.Lent;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.Assignment;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.experiment.Timeline;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.Seating;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.lease.OtherCode;
import org.kolotoc.engine.lease.Retiring;
import org.kolotoc.engine.ledger.RunLedger;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.open.Past;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Checkpoints.Checkpoint;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.engine.state.Snapshot;

/** The models of a run as a checkpoint has them, to be sampled, without data; or with it, to be judged. Without phases. */
public final class Restored implements AutoCloseable {
    private static final String VOCAB = "vocab";
    private static final List<String> TRAINING = List.of(
            "phases",
            "criteria",
            "controls",
            "start",
            "evaluate",
            "evaluateAt",
            "evaluateEvery",
            "checkpointEvery",
            "keepCheckpoints");

    private final Path run;
    private final Checkpoint checkpoint;
    private final Experiment experiment;
    private final Optional<Tokenizer> tokenizer;
    private final LiveState state;
    private final Seating seating;
    private final Drawing drawing;
    private final OpenData data;
    private final Map<String, String> leftOut;
    private final Lent lent;
    private final Retiring.Use use;

    private Restored(
            Path run,
            Checkpoint checkpoint,
            Experiment experiment,
            Optional<Tokenizer> tokenizer,
            LiveState state,
            Seating seating,
            Drawing drawing,
            OpenData data,
            Map<String, String> leftOut,
            Lent lent,
            Retiring.Use use) {
        this.run = run;
        this.checkpoint = checkpoint;
        this.experiment = experiment;
        this.tokenizer = tokenizer;
        this.state = state;
        this.seating = seating;
        this.drawing = drawing;
        this.data = data;
        this.leftOut = leftOut;
        this.lent = lent;
        this.use = use;
    }

    /**
     * Takes the models of a run from a checkpoint, with what it takes to let them draw. Neither the data nor the criteria
     * of the run are read.
     *
     * @param changes made to the experiment first
     * @param client is warned of what a model does not see the whole of
     * @throws InputError when the folder is no run's, or the checkpoint is damaged
     */
    public static Restored of(
            Workshop workshop, Path run, Options options, Consumer<ExperimentFile> changes, Client client) {
        RunLedger ledger = new RunLedger(false);
        Consumer<ExperimentFile> listened = changes.andThen(file -> ledger.listen(line -> {
            if (line.silence().kind() == Ledger.Kind.TRUNCATED) {
                client.warn(file.place(line.silence().path()) + ": "
                        + line.silence().sentence());
            }
        }));
        return of(workshop, run, options, listened, client, ledger, Purpose.drawing(Drawing::check));
    }

    /** The same to be talked to, where nothing is drawn. */
    static Restored talking(
            Workshop workshop, Path run, Options options, Consumer<ExperimentFile> changes, Client client) {
        return of(workshop, run, options, changes, client, new RunLedger(false), Purpose.drawing(Drawing::checkTalk));
    }

    /**
     * The same with the run's data and judges.
     *
     * @param borrowed models of other runs, by the names they have here
     * @param client hears what the ledger notes
     */
    static Restored judging(
            Workshop workshop,
            Path run,
            Options options,
            Consumer<ExperimentFile> changes,
            Map<String, Borrowed> borrowed,
            Client client) {
        RunLedger ledger = new RunLedger(false);
        Consumer<ExperimentFile> listened = changes.andThen(file -> ledger.listen(line -> client.warn(
                file.place(line.silence().path()) + ": " + line.silence().sentence())));
        return of(workshop, run, options, listened, client, ledger, Purpose.judging(borrowed));
    }

    private static Restored of(
            Workshop workshop,
            Path run,
            Options options,
            Consumer<ExperimentFile> changes,
            Client client,
            RunLedger ledger,
            Purpose purpose) {
        RunFolder.look(run);
        ExperimentFile file = Workshop.changed(
                ExperimentFile.read(
                        run.resolve(RunFolder.EXPERIMENT), sentence -> client.tell(new Event.Disclosed(sentence))),
                options);
        file.set("criteria", new JsonArray());
        purpose.change(file);
        withoutEffect(file, client);
        changes.accept(file);
        Checkpoints checkpoints = new Checkpoints(run);
        Checkpoint checkpoint = checkpoints.read(options.from());
        Leases leases = purpose.leases(workshop, run, options, client);
        Environment environment = purpose.environment(workshop, file, run, options, leases, client, ledger);
        Experiment experiment = file.untrained();
        Retiring.Use use = environment.uses().get();
        try {
            Restored restored =
                    of(run, experiment, file, environment, Past.of(checkpoint, checkpoints), checkpoint, purpose, use);
            if (isTrained(experiment)) {
                OtherCode.unknown(run, leases, workshop.installed()).ifPresent(client::warn);
            }
            purpose.borrowed()
                    .values()
                    .forEach(other -> other.madeOtherwise(environment.made()).ifPresent(client::warn));
            return restored;
        } catch (RuntimeException | Error e) {
            Closing.after(e, List.of(use::close));
            throw e;
        }
    }

    /** Nothing is trained here: what was said of that on the command line changes nothing. */
    private static void withoutEffect(ExperimentFile file, Client client) {
        file.assignments().stream()
                .filter(assignment -> assignment.option().equals("--set")
                        && TRAINING.stream().anyMatch(field -> Assignment.covers("$." + field, assignment.path())))
                .forEach(assignment -> client.warn(assignment + ": nothing is trained here, it has no effect"));
    }

    private static Restored of(
            Path run,
            Experiment experiment,
            ExperimentFile file,
            Environment environment,
            Past past,
            Checkpoint checkpoint,
            Purpose purpose,
            Retiring.Use use) {
        Problems problems = file.problems();
        Seating seating = purpose.seating(experiment, environment.seats(), problems);
        Wirings wirings = purpose.wirings(experiment, seating, problems);
        problems.refuse();
        Optional<Tokenizer> tokenizer = tokenizer(experiment, seating, checkpoint);
        Map<String, Integer> extents = new TreeMap<>(checkpoint.dimensions().orElse(Map.of()));
        Unpadded unpadded = unpadded(experiment, extents, tokenizer, checkpoint);
        // Earlier versions noted the tokenizer alone.
        tokenizer.ifPresent(_ -> extents.put(VOCAB, unpadded.here()));
        Map<String, Model> models = new LinkedHashMap<>();
        seating.models().forEach((name, seat) -> models.put(name, seat.create(purpose.dimensions(name, extents))));
        OpenData data = purpose.data(experiment, seating, environment, problems);
        List<Runnable> closing = new ArrayList<>(List.of(data::close));
        try {
            data.requireTokenizer(tokenizer, checkpoint);
            wirings.check(models, data.byName(), problems);
            problems.refuse();
            Lent lent = environment.backends().apply(experiment.backend());
            closing.addFirst(lent::close);
            Snapshot tensors = purpose.lent(ofModels(past.snapshot(), models, unpadded));
            LiveState state = new LiveState(lent.backend(), experiment.seed(), tensors);
            closing.addFirst(state::close);
            models.forEach((name, model) -> state.declare(name, model.states()));
            state.requireAllRestored();
            Frozen frozen = new Frozen(state, Timeline.of(experiment), wirings.models());
            frozen.declare(models);
            frozen.restore(past);
            Set<String> missed = new HashSet<>();
            Floor floor = new Floor(
                    lent.backend(),
                    state,
                    models,
                    name -> data.named(name).orElseGet(() -> noData(name, missed)),
                    () -> tokenizer.orElseThrow(() -> noTokenizer(checkpoint)),
                    experiment.seed(),
                    environment.ledger());
            Drawing drawing = new Drawing(experiment, seating, wirings, floor);
            Map<String, String> leftOut = new LinkedHashMap<>();
            Problems lacking = file.problems();
            for (int i = 0; i < experiment.samples().size(); i++) {
                Problems found = file.problems();
                missed.clear();
                boolean there = weightsAreThere(wirings.samplers().get(i), Timeline.of(experiment), past, found);
                if (there) {
                    purpose.check().of(drawing, i, found);
                }
                if (there && missed.isEmpty()) {
                    problems.addAll(found);
                } else if (!found.none()) {
                    leftOut.put(experiment.samples().get(i).name(), sentences(found));
                    lacking.addAll(found);
                }
            }
            problems.refuse();
            if (leftOut.size() == experiment.samples().size()) {
                lacking.refuse();
            }
            return new Restored(
                    run, checkpoint, experiment, tokenizer, state, seating, drawing, data, leftOut, lent, use);
        } catch (RuntimeException | Error e) {
            Closing.after(e, closing);
            throw e;
        }
    }

    /** Whether bundles of this program made the weights; an imported run has no phases, nor a lock. */
    private static boolean isTrained(Experiment experiment) {
        return !experiment.phases().isEmpty();
    }

    /** @throws InputError when the tokenizer has more tokens than the models know */
    private static Unpadded unpadded(
            Experiment experiment, Map<String, Integer> extents, Optional<Tokenizer> tokenizer, Checkpoint checkpoint) {
        int known = tokenizer.map(Tokenizer::vocab).orElse(0);
        int there = extents.getOrDefault(VOCAB, known);
        if (known > there) {
            throw InputError.of(
                    "the tokenizer has " + known + " tokens, but the models of " + checkpoint.path() + " know " + there
                            + ": they don't belong together",
                    "use the tokenizer that the run began with");
        }
        // What was trained here has the tokens that its data stated; what was imported may have more than any text.
        return new Unpadded(there, !isTrained(experiment) && tokenizer.isPresent() ? known : there);
    }

    private static Optional<Tokenizer> tokenizer(Experiment experiment, Seating seating, Checkpoint checkpoint) {
        if (checkpoint.tokenizer() == null) {
            return Optional.empty();
        }
        Tokenizer tokenizer = seating.tokenizer()
                .orElseThrow(() -> InputError.of(
                        "checkpoint " + checkpoint.path() + " is of a run with a tokenizer, but the experiment names"
                                + " none",
                        "use the experiment that the run began with"))
                .restore(checkpoint.tokenizer());
        if (!tokenizer.state().equals(checkpoint.tokenizer())) {
            throw InputError.of(
                    "the tokenizer '" + experiment.tokenizer().seat().id()
                            + "' does not know the state that checkpoint " + checkpoint.path() + " has of it",
                    "use the tokenizer and the plugins that the run began with");
        }
        return Optional.of(tokenizer);
    }

    private static InputError noTokenizer(Checkpoint checkpoint) {
        return InputError.of(
                "checkpoint " + checkpoint.path() + " has no tokenizer: its data was no text",
                "give the folder of a run that learned to write");
    }

    /** Notes weights of phases that have not ended at a checkpoint. */
    private static boolean weightsAreThere(Wiring sampler, Timeline timeline, Past past, Problems problems) {
        List<ModelRef> missing = sampler.models().values().stream()
                .filter(ref -> ref.frozen() && !past.isOver(timeline.end(timeline.place(ref.phase()))))
                .distinct()
                .toList();
        missing.forEach(ref -> problems.add(
                sampler.plan().modelsPath(),
                "at step " + past.step() + " there is no \"" + ref + "\" yet; expected " + ref.phase()
                        + ":end or later"));
        return missing.isEmpty();
    }

    private static String sentences(Problems problems) {
        return String.join(
                "\n", problems.faults().stream().map(Problems.Fault::sentence).toList());
    }

    private static Dataset noData(String name, Set<String> missed) {
        missed.add(name);
        throw InputError.of("the data '" + name + "' of the run is not open here", "sample while the run goes on");
    }

    /** What an optimiser remembers draws nothing. */
    private static Snapshot ofModels(Snapshot snapshot, Map<String, Model> models, Unpadded unpadded) {
        Map<String, Snapshot.Entry> tensors = new TreeMap<>();
        models.forEach((name, model) -> unpadded.of(model, snapshot.of(name))
                .forEach((tensor, entry) -> tensors.put(name + "/" + tensor, entry)));
        return new Snapshot(tensors, Map.of());
    }

    /** What can be drawn. */
    public List<SamplePlan> plans() {
        return experiment.samples().stream()
                .filter(plan -> !leftOut.containsKey(plan.name()))
                .toList();
    }

    /** Samples that can't be drawn, by their names, and why: they need the run's data, or weights that are not there yet. */
    public Map<String, String> leftOut() {
        return leftOut;
    }

    /** The run's folder. */
    Path run() {
        return run;
    }

    /** The step of the checkpoint. */
    public long step() {
        return checkpoint.step();
    }

    /** Of the random numbers that samples are drawn with. */
    public long seed() {
        return experiment.seed();
    }

    Experiment experiment() {
        return experiment;
    }

    Seating seating() {
        return seating;
    }

    Drawing drawing() {
        return drawing;
    }

    /** The weights by the hash of their file. */
    String sha256() {
        return checkpoint.sha256();
    }

    /** See {@link Drawing#open}. */
    <T extends Sampling> Drawing.Open<T> open(Class<T> kind) {
        return drawing.open(kind);
    }

    /** Draws samples; those of a step depend on the weights, the seed and the step alone. */
    public List<Sample> draw(SamplePlan plan, long step, Reached told) {
        return Provenance.of(checkpoint.sha256())
                .in(drawing.draw(plan, step, told).samples());
    }

    /** What text became tokens by, where there was text. */
    public Optional<Tokenizer> tokenizer() {
        return tokenizer;
    }

    @Override
    public void close() {
        Closing.all(List.of(drawing::close, state::close, lent::close, data::close, use::close));
    }
}
