package org.kolotoc.engine.prepare;

import com.google.gson.JsonObject;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Model;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.check.Costs;
import org.kolotoc.engine.check.Wiring;
import org.kolotoc.engine.check.Wirings;
import org.kolotoc.engine.data.DataFile;
import org.kolotoc.engine.device.Lent;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Timeline;
import org.kolotoc.engine.fill.PhaseSeat;
import org.kolotoc.engine.fill.Seating;
import org.kolotoc.engine.lease.Retiring;
import org.kolotoc.engine.ledger.RunLedger;
import org.kolotoc.engine.open.Past;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.tensor.Backend;

/**
 * An experiment with all its seats filled and checked: data open, models sized, phases prepared. Nothing has been trained
 * yet. Memory of a phase is taken when it begins and given back when it ends.
 *
 * <p>While it goes on, other plugins may come into its seats, see {@link #take}.
 */
public final class Workbench implements AutoCloseable {
    private final Experiment experiment;
    private final Timeline timeline;
    private final Lent lent;
    private Arrangement now;
    private Retiring.Use use;

    private Workbench(Experiment experiment, Lent lent, Arrangement now, Retiring.Use use) {
        this.experiment = experiment;
        this.timeline = Timeline.of(experiment);
        this.lent = lent;
        this.now = now;
        this.use = use;
    }

    /**
     * Prepares an experiment.
     *
     * @param described where the experiment comes from, for messages
     * @param past to go on from
     * @throws InputError with everything that is wrong at the first stage where something is
     */
    public static Workbench of(Experiment experiment, String described, Environment environment, Optional<Past> past) {
        AtomicReference<Lent> lent = new AtomicReference<>();
        Arrangement.Lending lending = () -> {
            lent.set(environment.backends().apply(experiment.backend()));
            return lent.get();
        };
        return used(environment, use -> {
            Arrangement first = Arrangement.of(experiment, described, environment, lending, past);
            return new Workbench(experiment, lent.get(), first, use);
        });
    }

    /** Nobody takes out what fills the seats, from before the first is filled. */
    private static Workbench used(Environment environment, Function<Retiring.Use, Workbench> preparing) {
        Retiring.Use use = environment.uses().get();
        try {
            return preparing.apply(use);
        } catch (RuntimeException | Error e) {
            Closing.after(e, List.of(use::close));
            throw e;
        }
    }

    /**
     * The same experiment with other plugins in its seats, over this one's state, to be given to {@link #take} or {@link
     * #refuse}. Only what it takes of memory may be asked of it before.
     */
    @FunctionalInterface
    public interface Successor {
        /** @throws InputError when it does not fit; then nothing has changed */
        Workbench prepare();
    }

    /**
     * One to be prepared, by any thread, from what is found out here, between two steps.
     *
     * @param kind of the seat that another plugin fills
     * @param place of the phase that goes on
     */
    Successor successor(String described, Supplier<Environment> environment, String kind, int place) {
        Succession from = now.succession(place);
        return () -> {
            Environment next = environment.get();
            return used(
                    next,
                    coming -> new Workbench(
                            experiment, lent, from.before().successor(from, described, next, kind), coming));
        };
    }

    /**
     * Whether a successor that was prepared some steps ago may be taken, if no other was since: the phase is the same, and
     * what it saw of the state is as it was.
     */
    public boolean isSucceededBy(Workbench successor) {
        return now.isSucceededBy(successor.now);
    }

    /** Goes on as a successor from here on; closes the plugins that are gone. */
    public void take(Workbench successor) {
        Arrangement before = now;
        Retiring.Use used = use;
        now = successor.now;
        use = successor.use;
        Closing.all(List.of(() -> before.give(now), used::close));
    }

    /** Goes on as it is; closes a successor. */
    public void refuse(Workbench successor) {
        Closing.all(List.of(() -> now.refuse(successor.now), successor.use::close));
    }

    public Experiment experiment() {
        return experiment;
    }

    public Timeline timeline() {
        return timeline;
    }

    public Backend backend() {
        return lent.backend();
    }

    /** Data by name. */
    public Map<String, Dataset> data() {
        return now.data();
    }

    /** Models by name. */
    public Map<String, Model> models() {
        return Collections.unmodifiableMap(now.models());
    }

    /** Which models and data everybody gets. */
    Wirings wirings() {
        return now.wirings();
    }

    public LiveState state() {
        return now.state();
    }

    /** Who draws samples, and who judges them. */
    public Drawing drawing() {
        return now.drawing();
    }

    /** What is done in another way than the experiment says. */
    public RunLedger ledger() {
        return now.ledger();
    }

    /** Hashes of the weights that are kept as they were at ends of phases. */
    public JsonObject frozen() {
        return now.frozen().json();
    }

    /** Steps whose checkpoints hold weights that later phases go back to. */
    public Set<Long> keptSteps() {
        return now.frozen().steps();
    }

    /**
     * The same, where a checkpoint's tokens mean the same text: the shapes of others may fit, the weights would not.
     *
     * @param checkpoint the tokenizer's state in the checkpoint; null where there was none
     * @throws InputError when it differs from this experiment's, and closes this
     */
    public Workbench withTokenizer(String checkpoint) {
        try {
            now.requireTokenizer(checkpoint, "the checkpoint");
        } catch (InputError e) {
            close();
            throw e;
        }
        return this;
    }

    /** What text became tokens by, where some data was text. */
    public Optional<Tokenizer> tokenizer() {
        return now.tokenizer();
    }

    /** What the data states, all of it together. */
    public Map<String, Integer> dimensions() {
        Map<String, Integer> all = new LinkedHashMap<>();
        now.data().values().forEach(dataset -> dataset.dimensions().extents().forEach(all::putIfAbsent));
        return all;
    }

    /** The phases that have something left to do, in order. */
    public List<Stage> stages() {
        return List.copyOf(now.stages().values());
    }

    /** The phase at a place, which has something left to do. */
    public Stage stage(int place) {
        return now.stages().get(place);
    }

    /** The seats, filled. */
    public Seating seating() {
        return now.seating();
    }

    /** The seat of the phase that makes a step. */
    public PhaseSeat phase(int place) {
        return now.seating().phases().get(place);
    }

    /** Programs of all phases, by name; that of a phase is before it where there are several. */
    public Map<String, Prepared> programs() {
        Map<String, Prepared> programs = new LinkedHashMap<>();
        now.stages()
                .values()
                .forEach(stage -> programs(stage)
                        .forEach((name, program) -> programs.put(
                                now.stages().size() == 1 ? name : stage.plan().name() + " " + name, program)));
        return programs;
    }

    /** Programs of one phase, by name. */
    public Map<String, Prepared> programs(Stage stage) {
        return stage.scope().programs();
    }

    /**
     * Names of models, as programs of a phase and as the experiment have them: a state below one is a weight or a statistic.
     */
    public Set<String> models(Stage stage) {
        Set<String> names = new HashSet<>(now.models().keySet());
        names.addAll(now.wirings().phases().get(stage.place()).models().keySet());
        return names;
    }

    /** The data files read, ordered by path. */
    public Collection<DataFile> dataFiles() {
        return now.files().used();
    }

    /**
     * Refuses a verdict on data that somebody changed while it was used.
     *
     * @throws InputError naming the file
     */
    public void requireUnchangedData() {
        now.files().requireUnchanged();
    }

    /** What phases and metrics say that they measure, and what every run measures of its cost; the first of a name. */
    public List<Measure> measures() {
        Map<String, Measure> measures = new LinkedHashMap<>();
        Stream.of(
                        now.seating().phases().stream().flatMap(phase -> phase.measures().stream()),
                        now.seating().metrics().stream().flatMap(metric -> metric.measures().stream()),
                        Costs.of(experiment))
                .flatMap(all -> all)
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
            PhaseStarts.begin(stage.plan(), now.models(), now.state());
        }
        now.state().begin(wirings().owner(stage.place()));
    }

    /** Keeps weights that others go back to, after the last step of a phase: samples of its end may want them. */
    public void keep(Stage stage) {
        now.keep(stage);
    }

    /** Ends a phase, whose memory is given back. The last one's stays. */
    public void end(Stage stage) {
        now.end(stage);
    }

    /** Data that no criterion may let pass, by the name of what was done to it; each with the data of a run in its place. */
    public Map<String, Map<String, Dataset>> controls() {
        Map<String, Map<String, Dataset>> controls = new TreeMap<>();
        Wiring last = now.wirings().phases().getLast();
        last.data()
                .values()
                .forEach(name -> now.data()
                        .get(name)
                        .controls()
                        .forEach((control, other) -> controls.computeIfAbsent(
                                        control, _ -> new LinkedHashMap<>(now.data()))
                                .put(name, other)));
        return controls;
    }

    /**
     * Prepares the last phase once more, over other data, to measure what it must refuse. The phases have ended: their
     * programs are closed, so that the same content takes no more memory, nor is compiled again where that takes time.
     */
    public Training lastPhaseOver(Map<String, Dataset> others) {
        return now.lastPhaseOver(others);
    }

    @Override
    public void close() {
        Closing.all(List.of(now::close, lent::close, use::close));
    }
}
