package org.kolotoc.tck;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * A workbench for models, phases, samplers and judges: what the engine does for them, in memory and without files. Whoever
 * works on it calls models and data as they are called here.
 */
public final class Bench implements PhaseContext, AutoCloseable {
    /** Steps of a phase. */
    public static final long STEPS = 40;

    private final Backend backend;
    private final Map<String, Model> models;
    private final Dataset data;
    private final long seed;
    private final long steps;
    private final Optional<Optimizer> optimizer;
    private final Optional<Tokenizer> tokenizer;
    private final Ledger ledger;
    private final BenchState state;

    /** Models by name; their parameters and statistics are declared and initialised here. */
    public Bench(Backend backend, Map<String, Model> models, Dataset data, long seed) {
        this.backend = backend;
        this.models = Collections.unmodifiableMap(new TreeMap<>(models));
        this.data = data;
        this.seed = seed;
        this.steps = STEPS;
        this.optimizer = Optional.empty();
        this.tokenizer = data instanceof TextDataset text ? Optional.of(text.tokenizer()) : Optional.empty();
        this.ledger = Ledger.NONE;
        this.state = new BenchState(backend, seed);
        this.models.forEach((name, model) -> state.declare(name, model.states()));
    }

    /** One model on the reference backend. */
    public static Bench of(Model model, Dataset data, long seed) {
        return new Bench(new ReferenceBackend(), Map.of("model", model), data, seed);
    }

    private Bench(
            Bench other,
            long seed,
            long steps,
            Optional<Optimizer> optimizer,
            Optional<Tokenizer> tokenizer,
            Ledger ledger) {
        this.backend = other.backend;
        this.models = other.models;
        this.data = other.data;
        this.seed = seed;
        this.steps = steps;
        this.optimizer = optimizer;
        this.tokenizer = tokenizer;
        this.ledger = ledger;
        this.state = other.state;
    }

    /** The same bench, state and all, in a run of another seed. */
    public Bench withSeed(long another) {
        return new Bench(this, another, steps, optimizer, tokenizer, ledger);
    }

    /** The same bench, state and all, for a phase of so many steps; {@value #STEPS} where nothing is said. */
    public Bench withSteps(long count) {
        return new Bench(this, seed, count, optimizer, tokenizer, ledger);
    }

    /** The same bench, state and all, for a phase that the experiment names an optimiser for. */
    public Bench withOptimizer(Optimizer named) {
        return new Bench(this, seed, steps, Optional.of(named), tokenizer, ledger);
    }

    /** The same bench, state and all, where text became tokens by this, though the data is no text. */
    public Bench withTokenizer(Tokenizer known) {
        return new Bench(this, seed, steps, optimizer, Optional.of(known), ledger);
    }

    /** The same bench, state and all, that notes in this what is done in another way than was asked. */
    public Bench withLedger(Ledger noting) {
        return new Bench(this, seed, steps, optimizer, tokenizer, noting);
    }

    /** Takes the steps {@code from} (inclusive) to {@code to} (exclusive) of a phase; the last value of each measure. */
    public <S extends Record> Map<String, Double> train(Phase<S> phase, S settings, long from, long to) {
        Map<String, Double> last = new TreeMap<>();
        try (Training training = phase.prepare(settings, this)) {
            for (long step = from; step < to; step++) {
                training.step(step, last::put);
            }
        }
        return last;
    }

    /** Numbers put by name, the last of each. */
    public static Map<String, Double> measured(Consumer<Measurements> measuring) {
        Map<String, Double> last = new TreeMap<>();
        measuring.accept(last::put);
        return last;
    }

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public Model model(String formal) {
        Model model = models.get(formal);
        if (model == null) {
            throw new IllegalArgumentException("there is no model '" + formal + "', only " + models.keySet());
        }
        return model;
    }

    @Override
    public Dataset data(String formal) {
        return data;
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer.orElseThrow(() -> InputError.of("there is no tokenizer: the data is no text", ""));
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public Optional<Optimizer> optimizer() {
        return optimizer;
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public BenchState state() {
        return state;
    }

    @Override
    public long seed() {
        return seed;
    }

    public Backend backend() {
        return backend;
    }

    @Override
    public BoundProgram prepare(String name, Program program) {
        Map<String, Buffer> own = new HashMap<>();
        Map<String, Buffer> all = new HashMap<>();
        program.inputs().forEach((input, leaf) -> {
            if (program.isState(input)) {
                all.put(input, state.buffer(input));
            } else {
                own.put(input, backend.allocate(leaf.dtype(), leaf.shape()));
            }
        });
        program.outputs().forEach((output, value) -> own.put(output, backend.allocate(value.dtype(), value.shape())));
        all.putAll(own);
        Executable executable = backend.compile(program);
        return new Prepared(name, executable, executable.bind(all), own);
    }

    private record Prepared(String name, Executable executable, Executable.Step step, Map<String, Buffer> own)
            implements BoundProgram {
        @Override
        public Buffer buffer(String wanted) {
            Buffer buffer = own.get(wanted);
            if (buffer == null) {
                throw new IllegalArgumentException(
                        "program '" + name + "' has no feed or output '" + wanted + "', only " + own.keySet());
            }
            return buffer;
        }

        @Override
        public void run() {
            step.run();
        }

        @Override
        public Explanation explain() {
            return executable.explain();
        }

        @Override
        public void close() {
            executable.close();
            own.values().forEach(Buffer::close);
        }
    }

    @Override
    public void close() {
        state.close();
    }
}
