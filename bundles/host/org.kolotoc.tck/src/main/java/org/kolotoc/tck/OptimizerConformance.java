package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.OptimizerFamily;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * What every optimiser must do: fall on a quadratic, go on from a checkpoint with the same bits, leave alone what has no
 * gradient, and treat each parameter for itself.
 *
 * @param <S> the settings record
 */
public abstract class OptimizerConformance<S extends Record> {
    private static final String MODEL = "model";
    private static final String OWNER = "phase";
    private static final Parameter MATRIX = Parameter.of("layer.weight", new Initializer.Normal(1), 3, 2);
    private static final Parameter BIAS = Parameter.of("layer.bias", new Initializer.Normal(1), 2);
    private static final Parameter SCALE = Parameter.of("scale", Initializer.ONES);
    private static final List<Parameter> PARAMETERS = List.of(MATRIX, BIAS, SCALE);
    private static final int SEED = 5;

    protected abstract OptimizerFamily<S> family();

    protected abstract S settings();

    /** Settings with which no weight decays. */
    protected S withoutDecay() {
        return settings();
    }

    /** With which it falls on {@code sum (w - 3)^2}. */
    protected double learningRate() {
        return 0.02;
    }

    /** Settings that {@code create} must refuse. */
    protected List<Refused<S>> refused() {
        return List.of();
    }

    /** A descent towards 3 in every element; {@code mask} is what each gradient is multiplied with. */
    private final class Descent implements AutoCloseable {
        private final BenchState state = new BenchState(new ReferenceBackend(), SEED);
        private final Map<String, Buffer> own = new HashMap<>();
        private final Executable executable;
        private final Executable.Step step;

        Descent(S settings, List<Parameter> parameters, double rate, Map<String, float[]> mask) {
            Optimizer optimizer = family().create(settings);
            List<Parameter> remembered = optimizer.state(parameters);
            state.declare(MODEL, parameters);
            state.declare(OWNER, remembered);
            Tracer tracer = new Tracer();
            Weights weights = leaves(tracer, MODEL, parameters);
            List<Tensor> gradients = new ArrayList<>();
            Tensor loss = tracer.constant(0);
            for (Parameter parameter : parameters) {
                Tensor off = weights.get(parameter.name()).add(-3);
                loss = loss.add(off.mul(off).sum());
                gradients.add(off.mul(2).mul(tracer.feed(parameter.name(), DType.F32, parameter.shape())));
            }
            tracer.output("loss", loss);
            Tensor taken = tracer.feed("step", DType.F32, Shape.scalar());
            optimizer.update(
                    parameters, weights, leaves(tracer, OWNER, remembered), gradients, tracer.constant(rate), taken);
            Program program = tracer.program();
            ReferenceBackend backend = new ReferenceBackend();
            Map<String, Buffer> all = new HashMap<>();
            program.inputs().forEach((name, leaf) -> {
                if (program.isState(name)) {
                    all.put(name, state.buffer(name));
                } else {
                    own.put(name, backend.allocate(leaf.dtype(), leaf.shape()));
                }
            });
            program.outputs().forEach((name, value) -> own.put(name, backend.allocate(value.dtype(), value.shape())));
            all.putAll(own);
            for (Parameter parameter : parameters) {
                float[] ones = new float[parameter.shape().size()];
                Arrays.fill(ones, 1);
                own.computeIfPresent(parameter.name(), (name, buffer) -> {
                    buffer.write(mask.getOrDefault(name, ones));
                    return buffer;
                });
            }
            executable = backend.compile(program);
            step = executable.bind(all);
        }

        private static Weights leaves(Tracer tracer, String owner, List<Parameter> parameters) {
            Map<String, Tensor> leaves = new HashMap<>();
            parameters.forEach(p -> leaves.put(p.name(), tracer.state(owner + "/" + p.name(), p.dtype(), p.shape())));
            return name -> {
                Tensor leaf = leaves.get(name);
                assertTrue(leaf != null, () -> "it asks for '" + name + "', which is none of " + leaves.keySet());
                return leaf;
            };
        }

        /** Takes the updates from one number (the first is 1) to another; the loss before the last. */
        double take(int from, int to) {
            float[] loss = new float[1];
            for (int i = from; i <= to; i++) {
                if (own.containsKey("step")) {
                    own.get("step").write(new float[] {i});
                }
                step.run();
                own.get("loss").read(loss);
            }
            return loss[0];
        }

        float[] weight(Parameter parameter) {
            float[] values = new float[parameter.shape().size()];
            state.buffer(MODEL + "/" + parameter.name()).read(values);
            return values;
        }

        @Override
        public void close() {
            executable.close();
            own.values().forEach(Buffer::close);
            state.close();
        }
    }

    private Descent descent(S settings, List<Parameter> parameters) {
        return new Descent(settings, parameters, learningRate(), Map.of());
    }

    @Test
    void settingsAreARecordOfTheFamily() {
        assertTrue(family().settings().isInstance(settings()));
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        refused().forEach(bad -> bad.check(() -> family().create(bad.settings())));
    }

    @Test
    void whatItRemembersHasNamesOfItsOwn() {
        Set<String> names = new HashSet<>();
        for (Parameter state : family().create(settings()).state(PARAMETERS)) {
            assertTrue(names.add(state.name()), () -> "two states are called '" + state.name() + "'");
        }
    }

    @Test
    void itFallsOnAQuadratic() {
        try (Descent descent = descent(settings(), PARAMETERS)) {
            double first = descent.take(1, 1);
            double last = descent.take(2, 300);
            assertTrue(last < 0.1 * first, () -> "the loss goes from " + first + " to " + last + " in 300 updates");
        }
    }

    @Test
    void itGoesOnFromACheckpointWithTheSameBits() {
        try (Descent whole = descent(settings(), PARAMETERS);
                Descent second = descent(settings(), PARAMETERS)) {
            whole.take(1, 7);
            BenchState.Snapshot saved = whole.state.snapshot();
            whole.take(8, 12);
            second.state.restore(saved);
            second.take(8, 12);
            assertEquals("", whole.state.snapshot().difference(second.state.snapshot()), "differs after a restart");
        }
    }

    /** Rows of an embedding that are not met, adapters that are switched off. */
    @Test
    void whatHasNoGradientStays() {
        Map<String, float[]> mask = Map.of(MATRIX.name(), new float[] {0, 0, 1, 1, 1, 1}, SCALE.name(), new float[1]);
        try (Descent descent = new Descent(withoutDecay(), PARAMETERS, learningRate(), mask)) {
            float[] before = descent.weight(MATRIX);
            descent.take(1, 5);
            float[] after = descent.weight(MATRIX);
            for (int i = 0; i < before.length; i++) {
                int element = i;
                assertEquals(
                        i < 2,
                        Float.floatToIntBits(before[i]) == Float.floatToIntBits(after[i]),
                        () -> "element " + element + " of " + MATRIX.name() + ": " + before[element] + ", then "
                                + after[element] + "; its gradient is " + (element < 2 ? "" : "not ") + "0");
            }
            assertEquals(1, descent.weight(SCALE)[0], "a parameter without a gradient moved");
        }
    }

    @Test
    void aLearningRateOfZeroMovesNothing() {
        try (Descent descent = new Descent(settings(), PARAMETERS, 0, Map.of())) {
            float[] before = descent.weight(MATRIX);
            descent.take(1, 3);
            assertTrue(Arrays.equals(before, descent.weight(MATRIX)), "weights move though the learning rate is 0");
        }
    }

    @Test
    void theOrderOfParametersIsOfNoAccount() {
        try (Descent one = descent(settings(), PARAMETERS);
                Descent other = descent(settings(), PARAMETERS.reversed())) {
            one.take(1, 5);
            other.take(1, 5);
            assertEquals("", one.state.snapshot().difference(other.state.snapshot()), "differs in another order");
        }
    }
}
