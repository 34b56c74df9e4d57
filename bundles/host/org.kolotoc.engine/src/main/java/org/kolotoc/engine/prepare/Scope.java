package org.kolotoc.engine.prepare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Model;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.TrainState;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.check.Wiring;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Program;

/** What one plugin is given of a run, and what it takes of it: programs and states of its own. */
final class Scope implements PhaseContext, AutoCloseable {
    private final Floor floor;
    private final String name;
    private final Wiring wiring;
    private final StateView view;
    private final Optional<Optimizer> optimizer;
    private final Optional<Adaptation> adaptation;
    private final long seed;
    private final long steps;

    /** Whether a program that was prepared before under its name is the same again. */
    private final boolean lasting;

    /** Programs of the one in whose place this one is, until it is prepared. */
    private Map<String, Prepared> before = Map.of();

    private final Map<String, Prepared> programs = new LinkedHashMap<>();
    private final List<Prepared> all = new ArrayList<>();
    private final Work work = new Work();

    private Scope(
            Floor floor,
            String name,
            Wiring wiring,
            Optional<Optimizer> optimizer,
            Optional<Adaptation> adaptation,
            long seed,
            long steps,
            boolean lasting) {
        this.floor = floor;
        this.name = name;
        this.wiring = wiring;
        this.view = new StateView(floor.state(), name, wiring.models(), adaptation);
        this.optimizer = optimizer;
        this.adaptation = adaptation;
        this.seed = seed;
        this.steps = steps;
        this.lasting = lasting;
    }

    /**
     * That of a phase.
     *
     * @param name owner of what it keeps
     * @param optimizer that the experiment names
     * @param adaptation of one of its models
     */
    static Scope ofPhase(
            Floor floor,
            String name,
            Wiring wiring,
            Optional<Optimizer> optimizer,
            Optional<Adaptation> adaptation,
            long seed,
            long steps) {
        return new Scope(floor, name, wiring, optimizer, adaptation, seed, steps, false);
    }

    /** That of a sampler or a judge, whose states no checkpoint holds. */
    static Scope beside(Floor floor, String name, Wiring wiring) {
        floor.state().pending(name);
        return new Scope(floor, name, wiring, Optional.empty(), Optional.empty(), floor.seed(), 0, true);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Model model(String formal) {
        ModelRef ref = wiring.models().get(formal);
        if (ref == null) {
            throw new IllegalArgumentException("asks for the model '" + formal + "', but says that it needs "
                    + wiring.needs().models().keySet());
        }
        return adaptation
                .filter(adapted -> adapted.isOf(ref))
                .map(Adaptation::model)
                .orElseGet(() -> floor.models().get(ref.model()));
    }

    @Override
    public Dataset data(String formal) {
        String data = wiring.data().get(formal);
        if (data == null) {
            throw new IllegalArgumentException("asks for the data '" + formal + "', but says that it needs "
                    + wiring.needs().data().keySet());
        }
        return floor.data().apply(data);
    }

    @Override
    public Tokenizer tokenizer() {
        return floor.tokenizer().get();
    }

    @Override
    public Ledger ledger() {
        return floor.ledger().of(wiring.seat().occupant(), wiring.plan().path());
    }

    @Override
    public TrainState state() {
        return view;
    }

    @Override
    public long seed() {
        return seed;
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public Optional<Optimizer> optimizer() {
        if (!wiring.needs().takesOptimizer()) {
            throw new IllegalArgumentException(
                    "asks for an optimiser, but does not say that it takes one: Needs.optimizer()");
        }
        return optimizer;
    }

    @Override
    public BoundProgram prepare(String program, Program traced) {
        Prepared known = programs.get(program);
        if (lasting && known != null && known.isLike(traced)) {
            return known;
        }
        view.check(program, traced);
        return prepare(program, traced, view::actual);
    }

    private Prepared prepare(String program, Program traced, UnaryOperator<String> names) {
        Prepared prepared = Optional.ofNullable(before.get(program))
                .flatMap(earlier -> earlier.again(traced, floor.state(), names, work))
                .orElseGet(() -> new Prepared(program, traced, floor.backend(), floor.state(), names, work));
        programs.put(program, prepared);
        all.add(prepared);
        return prepared;
    }

    /** Takes the place of another scope: a program that is the same again is not compiled again. */
    Scope after(Map<String, Prepared> earlier) {
        before = earlier;
        return this;
    }

    /** Everything is prepared that was asked for: nothing of the scope before is looked at any more. */
    void settled() {
        before = Map.of();
    }

    /** The same training; where a model is under an adapter, it follows each step. */
    Training following(Training training) {
        return adaptation
                .<Training>map(adapted ->
                        new AdaptedTraining(training, prepare("adapter", adapted.merging(), UnaryOperator.identity())))
                .orElse(training);
    }

    /** Counts what the programs do. */
    Work work() {
        return work;
    }

    /** Programs by name. */
    Map<String, Prepared> programs() {
        return programs;
    }

    /** Gives back everything: also of a plugin that failed before it could close its programs. */
    @Override
    public void close() {
        List<Runnable> closing = new ArrayList<>();
        all.forEach(program -> closing.add(program::close));
        closing.add(() -> floor.state().release(name));
        Closing.all(closing);
    }
}
