package org.kolotoc.engine.prepare;

import static org.kolotoc.api.Ledger.Kind.FALLBACK;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.check.CriteriaCheck;
import org.kolotoc.engine.check.Silences;
import org.kolotoc.engine.check.Wirings;
import org.kolotoc.engine.data.DataFiles;
import org.kolotoc.engine.device.Lent;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.PhasePlan;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.Timeline;
import org.kolotoc.engine.fill.AdapterSeat;
import org.kolotoc.engine.fill.Seating;
import org.kolotoc.engine.ledger.RunLedger;
import org.kolotoc.engine.open.Past;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.CounterRandom;

/**
 * Plugins in the seats of an experiment, and what they made: open data, sized models, prepared phases. Built in an order
 * that finds what can be found without work first. Another may take its place while a run goes on, over the same state.
 */
final class Arrangement implements AutoCloseable {
    /** Kinds of seats that no data is made with. */
    private static final Set<String> BESIDE_DATA =
            Set.of(Seat.MODEL, Seat.PHASE, Seat.OPTIMIZER, Seat.ADAPTER, Seat.SAMPLER, Seat.METRIC);

    /** Kinds of seats that no samples are drawn with. */
    private static final Set<String> BESIDE_SAMPLES = Set.of(Seat.PHASE, Seat.OPTIMIZER, Seat.ADAPTER, Seat.METRIC);

    private final Experiment experiment;
    private final Timeline timeline;
    private final Backend backend;
    private final Seating seating;
    private final Wirings wirings;
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
    private Arrangement(
            Experiment experiment,
            Seating seating,
            Wirings wirings,
            DataFiles files,
            Map<String, Dataset> data,
            LiveState state,
            Backend backend,
            RunLedger ledger) {
        this.experiment = experiment;
        this.timeline = Timeline.of(experiment);
        this.backend = backend;
        this.seating = seating;
        this.wirings = wirings;
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
     * @param backend is lent when the seats are filled, and given back here where something is wrong then
     * @param past to go on from
     * @throws InputError with everything that is wrong at the first stage where something is
     */
    static Arrangement of(
            Experiment experiment, String described, Environment environment, Lending backend, Optional<Past> past) {
        Problems problems = new Problems(described);
        Seating seating = Seating.of(experiment, environment.seats(), problems);
        Wirings wirings = wired(experiment, seating, environment, problems);
        Lent lent = backend.lend();
        RunLedger ledger = environment.ledger();
        DataFiles files = files(experiment, seating, environment);
        try {
            lent.backend().fallbacks().forEach(how -> ledger.note(FALLBACK, "the backend", "$.backend", how));
            Map<String, Dataset> data = opened(experiment, seating, files, ledger, problems);
            Optional<Past> rest = past.map(p -> withoutEnded(experiment, wirings, p));
            LiveState state = rest.map(p -> new LiveState(lent.backend(), experiment.seed(), p.snapshot()))
                    .orElseGet(() -> new LiveState(lent.backend(), experiment.seed()));
            Arrangement arrangement =
                    new Arrangement(experiment, seating, wirings, files, data, state, lent.backend(), ledger);
            try {
                arrangement.prepare(environment, problems, rest);
            } catch (RuntimeException | Error e) {
                Closing.after(e, List.of(arrangement::closeStages, arrangement.drawing::close, state::close));
                throw e;
            }
            return arrangement;
        } catch (RuntimeException | Error e) {
            Closing.after(e, List.of(files::close, lent::close));
            throw e;
        }
    }

    /** Lends the backend of an experiment. */
    @FunctionalInterface
    interface Lending {
        Lent lend();
    }

    private static Wirings wired(Experiment experiment, Seating seating, Environment environment, Problems problems) {
        Wirings wirings = Wirings.of(experiment, seating, problems);
        CriteriaCheck.check(experiment, seating, environment.seats(), problems);
        problems.refuse();
        Silences.note(experiment, wirings, environment.ledger());
        environment.ledger().refuse();
        return wirings;
    }

    private static DataFiles files(Experiment experiment, Seating seating, Environment environment) {
        return new DataFiles(
                environment.data(), environment.client(), environment.ledger(), experiment.seed(), seating.tokenizer());
    }

    private static Map<String, Dataset> opened(
            Experiment experiment, Seating seating, DataFiles files, RunLedger ledger, Problems problems) {
        Map<String, Dataset> data = Sources.opened(experiment, seating, files, ledger, problems);
        problems.refuse();
        files.requireAllLocked();
        ledger.refuse();
        return data;
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
        size(problems);
        SizedModels sized =
                new SizedModels(experiment, seating, new Sizing(experiment, data, backend), environment.seats());
        new IdleSettings(sized, environment.ledger()).note();
        new Starts(
                        environment.data(),
                        experiment.start(),
                        wirings,
                        sized,
                        new SameTokens(environment.seats(), files.fitted()),
                        environment.made(),
                        environment.ledger(),
                        problems)
                .load(models, state, past.isPresent());
        PhaseStarts.check(experiment, sized, models, environment.ledger(), problems);
        declare();
        for (int i = 0; i < experiment.phases().size(); i++) {
            boolean last = i == experiment.phases().size() - 1;
            if (last || past.isEmpty() || !past.get().isOver(timeline.end(i))) {
                boolean begun = past.isPresent()
                        ? past.get().step() > timeline.begin(i) || past.get().step() == 0 && i == 0
                        : i == 0;
                stage(i, begun, Map.of(), problems);
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

    /** What a successor is prepared from, as it is now, between two steps. */
    Succession succession(int place) {
        Map<Integer, Map<String, Prepared>> programs = new LinkedHashMap<>();
        stages.values().stream()
                .filter(stage -> stage.place() >= place)
                .forEach(stage -> programs.put(
                        stage.place(), new LinkedHashMap<>(stage.scope().programs())));
        return new Succession(this, place, programs, LiveState.inPlaceOf(state));
    }

    /** Whether a successor may take this one's place as it is now. */
    boolean isSucceededBy(Arrangement successor) {
        return successor.state.isTakenFrom(state) && successor.stages.keySet().equals(stages.keySet());
    }

    /**
     * The same experiment with other plugins in its seats, over the state of this one, which goes on, also while this is
     * done, until {@link #give} hands the state over.
     *
     * @param kind of the seat that another plugin fills
     * @throws InputError when it does not fit; this one is as it was then
     */
    Arrangement successor(Succession from, String described, Environment environment, String kind) {
        Problems problems = new Problems(described);
        Seating next = Seating.of(experiment, environment.seats(), problems);
        Wirings wired = wired(experiment, next, environment, problems);
        boolean keepsData = BESIDE_DATA.contains(kind);
        DataFiles read = keepsData ? files : files(experiment, next, environment);
        try {
            Map<String, Dataset> open =
                    keepsData ? data : opened(experiment, next, read, environment.ledger(), problems);
            requireTokenizer(read.fitted().map(Tokenizer::state).orElse(null), "the run");
            LiveState over = from.state();
            Arrangement successor =
                    new Arrangement(experiment, next, wired, read, open, over, backend, environment.ledger());
            try {
                successor.prepare(from, BESIDE_SAMPLES.contains(kind), problems);
            } catch (RuntimeException | Error e) {
                Closing.after(e, List.of(successor::closeStages, successor.drawing::close, over::close));
                throw e;
            }
            return successor;
        } catch (RuntimeException | Error e) {
            Closing.after(e, keepsData ? List.of() : List.of(read::close));
            throw e;
        }
    }

    private void prepare(Succession from, boolean sameSamples, Problems problems) {
        size(problems);
        declare();
        from.programs().forEach((place, programs) -> stage(place, place == from.place(), programs, problems));
        problems.refuse();
        state.requireAllRestored();
        if (sameSamples) {
            drawing.goOn(from.before().drawing);
        } else {
            drawing.check(problems);
            problems.refuse();
        }
    }

    /** Hands the state over to a successor, and closes what that one does not go on with. */
    void give(Arrangement successor) {
        successor.state.takeOver(state);
        successor.frozen.goOn(frozen);
        closeBeside(successor);
    }

    /** Closes a successor that is not to take this one's place. */
    void refuse(Arrangement successor) {
        successor.closeBeside(this);
    }

    private void closeBeside(Arrangement other) {
        List<Runnable> closing = new ArrayList<>(List.of(this::closeStages, drawing::close, state::close));
        if (files != other.files) {
            closing.add(files::close);
        }
        Closing.all(closing);
    }

    private void size(Problems problems) {
        new Sizing(experiment, data, backend).models(seating, problems).forEach(models::put);
        problems.refuse();
        wirings.check(models, data, problems);
        problems.refuse();
    }

    private void declare() {
        models.forEach((name, model) -> state.declare(name, model.states()));
        frozen.declare(models);
    }

    /** @param before programs of the plugin in whose place another comes */
    private void stage(int place, boolean begun, Map<String, Prepared> before, Problems problems) {
        PhasePlan plan = experiment.phases().get(place);
        if (!begun) {
            state.pending(wirings.owner(place));
        }
        Optional<Adaptation> adaptation = Optional.empty();
        if (plan.adapter() != null) {
            adaptation = Optional.ofNullable(problems.of(plan.adapter().seat(), () -> adaptation(place)));
            if (adaptation.isEmpty()) {
                return;
            }
        }
        Scope scope = scope(place, floor, adaptation).after(before);
        boolean prepared = false;
        try {
            Training training = problems.of(
                    plan.seat(),
                    () -> scope.following(seating.phases().get(place).prepare(scope)));
            if (training != null) {
                scope.settled();
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

    /**
     * Refuses to go on where tokens would mean other text than before: shapes may fit, weights would not.
     *
     * @param before the tokenizer's state; null where there was none
     * @param past what goes on, for the message
     */
    void requireTokenizer(String before, String past) {
        if (!Objects.equals(before, tokenizer().map(Tokenizer::state).orElse(null))) {
            throw InputError.of(
                    past + " is not one of this experiment: its tokens stand for other text",
                    "use the data and the tokenizer " + past + " was made with, or start a new run");
        }
    }

    /**
     * Prepares the last phase once more, over other data, to measure what it must refuse. The phases have ended: their
     * programs are closed, so that the same content takes no more memory, nor is compiled again where that takes time.
     */
    Training lastPhaseOver(Map<String, Dataset> others) {
        int last = experiment.phases().size() - 1;
        stages.values().forEach(stage -> stage.training().close());
        Optional<Adaptation> adaptation = wirings.adapted(last).map(_ -> adaptation(last));
        Training training = seating.phases().get(last).prepare(scope(last, floor.over(others::get), adaptation));
        state.begin(wirings.owner(last));
        return training;
    }

    /** Keeps weights that others go back to, after the last step of a phase. */
    void keep(Stage stage) {
        frozen.end(stage.plan().name());
    }

    /** Ends a phase, whose memory is given back. The last one's stays. */
    void end(Stage stage) {
        keep(stage);
        if (stage.place() < experiment.phases().size() - 1) {
            stages.remove(stage.place());
            stage.close();
        }
    }

    Seating seating() {
        return seating;
    }

    Wirings wirings() {
        return wirings;
    }

    DataFiles files() {
        return files;
    }

    Map<String, Dataset> data() {
        return data;
    }

    Map<String, Model> models() {
        return models;
    }

    LiveState state() {
        return state;
    }

    Frozen frozen() {
        return frozen;
    }

    Drawing drawing() {
        return drawing;
    }

    RunLedger ledger() {
        return floor.ledger();
    }

    Map<Integer, Stage> stages() {
        return stages;
    }

    /** What text became tokens by, where some data was text. */
    Optional<Tokenizer> tokenizer() {
        return files.fitted();
    }

    private void closeStages() {
        List<Runnable> closing = new ArrayList<>();
        stages.values().forEach(stage -> closing.add(stage::close));
        Closing.all(closing);
    }

    @Override
    public void close() {
        Closing.all(List.of(this::closeStages, drawing::close, state::close, files::close));
    }
}
