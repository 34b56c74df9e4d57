package org.kolotoc.engine.prepare;

import static org.kolotoc.api.Ledger.Kind.FALLBACK;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Model;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.check.CriteriaCheck;
import org.kolotoc.engine.check.Silences;
import org.kolotoc.engine.check.Wiring;
import org.kolotoc.engine.check.Wirings;
import org.kolotoc.engine.data.DataFile;
import org.kolotoc.engine.data.DataFiles;
import org.kolotoc.engine.device.Lent;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.PhasePlan;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.Timeline;
import org.kolotoc.engine.fill.AdapterSeat;
import org.kolotoc.engine.fill.PhaseSeat;
import org.kolotoc.engine.fill.Seating;
import org.kolotoc.engine.ledger.RunLedger;
import org.kolotoc.engine.open.Past;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.CounterRandom;

/**
 * An experiment with all its seats filled and checked: data open, models sized, phases prepared. Nothing has been trained
 * yet. Built in an order that finds what can be found without work first. Memory of a phase is taken when it begins and
 * given back when it ends.
 */
public final class Workbench implements AutoCloseable {
    private final Experiment experiment;
    private final Timeline timeline;
    private final Seating seating;
    private final Wirings wirings;
    private final Lent lent;
    private final Backend backend;
    private final DataFiles files;
    private final Map<String, Dataset> data;
    private final Map<String, Model> models = new LinkedHashMap<>();
    private final LiveState state;
    private final Frozen frozen;
    private final Floor floor;
    private final Drawing drawing;

    /** Phases that have something left to do, by their place. */
    private final Map<Integer, Stage> stages = new LinkedHashMap<>();

    /** Nothing sized or prepared yet. */
    private Workbench(
            Experiment experiment,
            Seating seating,
            Wirings wirings,
            Lent lent,
            DataFiles files,
            Map<String, Dataset> data,
            LiveState state,
            RunLedger ledger) {
        this.experiment = experiment;
        this.timeline = Timeline.of(experiment);
        this.seating = seating;
        this.wirings = wirings;
        this.lent = lent;
        this.backend = lent.backend();
        this.files = files;
        this.data = data;
        this.state = state;
        this.frozen = new Frozen(state, timeline, Stream.concat(wirings.models(), Frozen.starts(experiment)));
        this.floor = new Floor(backend, state, models, data::get, files::tokenizer, experiment.seed(), ledger);
        this.drawing = new Drawing(experiment, seating, wirings, floor);
    }

    /**
     * Prepares an experiment stage by stage: seats, backend, data, models, phases.
     *
     * @param described where the experiment comes from, for messages
     * @param past to go on from
     * @throws InputError with everything that is wrong at the first stage where something is
     */
    public static Workbench of(Experiment experiment, String described, Environment environment, Optional<Past> past) {
        Problems problems = new Problems(described);
        Seating seating = Seating.of(experiment, environment.seats(), problems);
        Wirings wirings = Wirings.of(experiment, seating, problems);
        CriteriaCheck.check(experiment, seating, environment.seats(), problems);
        problems.refuse();
        RunLedger ledger = environment.ledger();
        Silences.note(experiment, wirings, ledger);
        ledger.refuse();
        Lent lent = environment.backends().apply(experiment.backend());
        DataFiles files =
                new DataFiles(environment.data(), environment.client(), ledger, experiment.seed(), seating.tokenizer());
        try {
            lent.backend().fallbacks().forEach(how -> ledger.note(FALLBACK, "the backend", "$.backend", how));
            Map<String, Dataset> data = Sources.opened(experiment, seating, files, ledger, problems);
            problems.refuse();
            files.requireAllLocked();
            ledger.refuse();
            Optional<Past> rest = past.map(p -> withoutEnded(experiment, wirings, p));
            LiveState state = rest.map(p -> new LiveState(lent.backend(), experiment.seed(), p.snapshot()))
                    .orElseGet(() -> new LiveState(lent.backend(), experiment.seed()));
            Workbench bench = new Workbench(experiment, seating, wirings, lent, files, data, state, ledger);
            try {
                bench.prepare(environment, problems, rest);
            } catch (RuntimeException | Error e) {
                Closing.after(e, List.of(bench::close));
                throw e;
            }
            return bench;
        } catch (RuntimeException | Error e) {
            Closing.after(e, List.of(files::close, lent::close));
            throw e;
        }
    }

    /** A past without what phases kept that have ended. */
    private static Past withoutEnded(Experiment experiment, Wirings wirings, Past past) {
        Timeline timeline = Timeline.of(experiment);
        Snapshot snapshot = past.snapshot();
        for (int i = 0; i < experiment.phases().size() - 1; i++) {
            if (past.isOver(timeline.end(i))) {
                snapshot = snapshot.without(wirings.owner(i));
            }
        }
        return new Past(snapshot, past.step(), past.undone(), past.frozen(), past.at());
    }

    private void prepare(Environment environment, Problems problems, Optional<Past> past) {
        new Sizing(experiment, data, backend).models(seating, problems).forEach(models::put);
        problems.refuse();
        wirings.check(models, data, problems);
        problems.refuse();
        new Starts(environment.data(), experiment.start(), problems).load(models, state, past.isPresent());
        models.forEach((name, model) -> state.declare(name, model.states()));
        frozen.declare(models);
        for (int i = 0; i < experiment.phases().size(); i++) {
            boolean last = i == experiment.phases().size() - 1;
            long end = timeline.end(i);
            if (last || past.isEmpty() || !past.get().isOver(end)) {
                stage(i, past, problems);
            }
        }
        problems.refuse();
        if (past.isPresent()) {
            state.requireAllRestored();
            frozen.restore(past.get());
        }
        drawing.check(problems);
        problems.refuse();
    }

    private void stage(int place, Optional<Past> past, Problems problems) {
        PhasePlan plan = experiment.phases().get(place);
        String owner = wirings.owner(place);
        boolean begun = past.isPresent()
                ? past.get().step() > timeline.begin(place) || past.get().step() == 0 && place == 0
                : place == 0;
        if (!begun) {
            state.pending(owner);
        }
        Optional<Adaptation> adaptation = Optional.empty();
        if (plan.adapter() != null) {
            adaptation = Optional.ofNullable(problems.of(plan.adapter().seat(), () -> adaptation(place)));
            if (adaptation.isEmpty()) {
                return;
            }
        }
        Scope scope = scope(place, floor, adaptation);
        boolean prepared = false;
        try {
            Training training = problems.of(
                    plan.seat(),
                    () -> scope.following(seating.phases().get(place).prepare(scope)));
            if (training != null) {
                stages.put(place, new Stage(place, plan, seating.phases().get(place), scope, training));
                prepared = true;
            }
        } finally {
            if (!prepared) {
                scope.close();
            }
        }
    }

    /** The model of a phase under its adapter, with what that keeps. */
    private Adaptation adaptation(int place) {
        String model = wirings.adapted(place).orElseThrow();
        AdapterSeat seat = seating.phases().get(place).adapter().orElseThrow();
        Adaptation adaptation = new Adaptation(seat, model, models.get(model), wirings.owner(place));
        adaptation.declare(state);
        return adaptation;
    }

    private Scope scope(int place, Floor on, Optional<Adaptation> adaptation) {
        return Scope.ofPhase(
                on,
                wirings.owner(place),
                wirings.phases().get(place),
                seating.phases().get(place).optimizer(),
                adaptation,
                seed(place),
                experiment.phases().get(place).steps());
    }

    /** Phases draw other random numbers each; the first those of the run. */
    private long seed(int place) {
        if (place == 0) {
            return experiment.seed();
        }
        CounterRandom random = new CounterRandom(
                experiment.seed(), "phase/" + experiment.phases().get(place).name());
        return random.integer(0, Long.MAX_VALUE);
    }

    public Experiment experiment() {
        return experiment;
    }

    public Timeline timeline() {
        return timeline;
    }

    public Backend backend() {
        return backend;
    }

    /** Data by name. */
    public Map<String, Dataset> data() {
        return data;
    }

    /** Models by name. */
    public Map<String, Model> models() {
        return Collections.unmodifiableMap(models);
    }

    /** Which models and data everybody gets. */
    Wirings wirings() {
        return wirings;
    }

    public LiveState state() {
        return state;
    }

    /** Who draws samples, and who judges them. */
    public Drawing drawing() {
        return drawing;
    }

    /** What is done in another way than the experiment says. */
    public RunLedger ledger() {
        return floor.ledger();
    }

    /** Hashes of the weights that are kept as they were at ends of phases. */
    public JsonObject frozen() {
        return frozen.json();
    }

    /** Steps whose checkpoints hold weights that later phases go back to. */
    public Set<Long> keptSteps() {
        return frozen.steps();
    }

    /**
     * The same, where a checkpoint's tokens mean the same text: the shapes of others may fit, the weights would not.
     *
     * @param checkpoint the tokenizer's state in the checkpoint; null where there was none
     * @throws InputError when it differs from this experiment's, and closes this
     */
    public Workbench withTokenizer(String checkpoint) {
        if (!Objects.equals(checkpoint, tokenizer().map(Tokenizer::state).orElse(null))) {
            close();
            throw InputError.of(
                    "the checkpoint is not one of this experiment: its tokens stand for other text",
                    "use the data and the tokenizer the checkpoint was made with, or start a new run");
        }
        return this;
    }

    /** What text became tokens by, where some data was text. */
    public Optional<Tokenizer> tokenizer() {
        return files.fitted();
    }

    /** What the data states, all of it together. */
    public Map<String, Integer> dimensions() {
        Map<String, Integer> all = new LinkedHashMap<>();
        data.values().forEach(dataset -> dataset.dimensions().extents().forEach(all::putIfAbsent));
        return all;
    }

    /** The phases that have something left to do, in order. */
    public List<Stage> stages() {
        return List.copyOf(stages.values());
    }

    /** The seats, filled. */
    public Seating seating() {
        return seating;
    }

    /** The seat of the phase that makes a step. */
    public PhaseSeat phase(int place) {
        return seating.phases().get(place);
    }

    /** Programs of all phases, by name; that of a phase is before it where there are several. */
    public Map<String, Prepared> programs() {
        Map<String, Prepared> programs = new LinkedHashMap<>();
        stages.values()
                .forEach(stage -> programs(stage)
                        .forEach((name, program) -> programs.put(
                                stages.size() == 1 ? name : stage.plan().name() + " " + name, program)));
        return programs;
    }

    /** Programs of one phase, by name. */
    public Map<String, Prepared> programs(Stage stage) {
        return stage.scope().programs();
    }

    /** The data files read, ordered by path. */
    public Collection<DataFile> dataFiles() {
        return files.used();
    }

    /**
     * Refuses a verdict on data that somebody changed while it was used.
     *
     * @throws InputError naming the file
     */
    public void requireUnchangedData() {
        files.requireUnchanged();
    }

    /** What phases and metrics say that they measure; the first of a name. */
    public List<Measure> measures() {
        Map<String, Measure> measures = new LinkedHashMap<>();
        Stream.concat(
                        seating.phases().stream().flatMap(phase -> phase.measures().stream()),
                        seating.metrics().stream().flatMap(metric -> metric.measures().stream()))
                .forEach(measure -> measures.putIfAbsent(measure.name(), measure));
        return List.copyOf(measures.values());
    }

    /** Which phase makes a step, by its place: after step {@code n} of the run it made the last of {@code n} updates. */
    public int phaseOf(long step) {
        return timeline.phaseOf(step);
    }

    /** Steps of all phases before one. */
    public long begin(int phase) {
        return timeline.begin(phase);
    }

    /** Steps of all phases together. */
    public long steps() {
        return timeline.steps();
    }

    /**
     * Begins a phase: what it keeps lives from now on.
     *
     * @param anew whether none of its steps was taken; then models begin as it says
     */
    public void begin(Stage stage, boolean anew) {
        if (anew) {
            stage.plan()
                    .start()
                    .forEach((model, ref) -> state.copy(model, ModelRef.of(ref).toString()));
        }
        state.begin(wirings.owner(stage.place()));
    }

    /** Ends a phase: weights that others go back to are kept, and its memory is given back. The last one's stays. */
    public void end(Stage stage) {
        frozen.end(stage.plan().name());
        if (stage.place() < experiment.phases().size() - 1) {
            stages.remove(stage.place());
            stage.close();
        }
    }

    /** Data that no criterion may let pass, by what was done to it; each with the data of a run in its place. */
    public Map<String, Map<String, Dataset>> controls() {
        Map<String, Map<String, Dataset>> controls = new LinkedHashMap<>();
        Wiring last = wirings.phases().getLast();
        last.data()
                .values()
                .forEach(name -> data.get(name)
                        .controls()
                        .forEach((control, other) -> controls.computeIfAbsent(control, _ -> new LinkedHashMap<>(data))
                                .put(name, other)));
        return controls;
    }

    /**
     * Prepares the last phase once more, over other data, to measure what it must refuse. The phases have ended: their
     * programs are closed, so that the same content takes no more memory, nor is compiled again where that takes time.
     */
    public Training lastPhaseOver(Map<String, Dataset> others) {
        int last = experiment.phases().size() - 1;
        stages.values().forEach(stage -> stage.training().close());
        Optional<Adaptation> adaptation = wirings.adapted(last).map(_ -> adaptation(last));
        Training training = seating.phases().get(last).prepare(scope(last, floor.over(others::get), adaptation));
        begin(new Stage(last, experiment.phases().get(last), seating.phases().get(last), null, training), false);
        return training;
    }

    @Override
    public void close() {
        List<Runnable> closing = new ArrayList<>();
        stages.values().forEach(stage -> closing.add(stage::close));
        closing.add(drawing::close);
        closing.add(state::close);
        closing.add(files::close);
        closing.add(lent::close);
        Closing.all(closing);
    }
}
