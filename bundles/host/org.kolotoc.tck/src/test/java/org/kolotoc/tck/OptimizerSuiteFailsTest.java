package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.api.OptimizerFamily;
import org.kolotoc.api.Settings;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.opentest4j.AssertionFailedError;

/** The negative controls of the optimisers' suite: one that breaks a promise fails the test of that promise. */
class OptimizerSuiteFailsTest {
    private record Family(Supplier<Optimizer> making) implements OptimizerFamily<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public Optimizer create(Settings.None settings) {
            return making.get();
        }
    }

    private static OptimizerConformance<Settings.None> suite(Supplier<Optimizer> making) {
        return new OptimizerConformance<>() {
            @Override
            protected OptimizerFamily<Settings.None> family() {
                return new Family(making);
            }

            @Override
            protected Settings.None settings() {
                return new Settings.None();
            }
        };
    }

    private static OptimizerConformance<Settings.None> suite(Optimizer.Rule rule) {
        return suite(() -> Optimizer.perParameter(List.of(), rule));
    }

    private static void fails(Executable test) {
        assertThrows(AssertionFailedError.class, test);
    }

    @Test
    void itClimbs() {
        fails(suite((weight, _, gradient, rate, _) -> List.of(weight.add(gradient.mul(rate))))::itFallsOnAQuadratic);
    }

    @Test
    void itCountsForItself() {
        AtomicInteger made = new AtomicInteger();
        fails(
                suite((weight, _, gradient, rate, _) ->
                        List.of(weight.sub(gradient.mul(rate).mul(1 + made.getAndIncrement() % 2 / 10.0))))
                        ::itGoesOnFromACheckpointWithTheSameBits);
    }

    @Test
    void itDecaysUnasked() {
        OptimizerConformance<Settings.None> suite = suite((weight, _, gradient, rate, _) ->
                List.of(weight.sub(gradient.add(weight).mul(rate))));
        fails(suite::whatHasNoGradientStays);
    }

    @Test
    void itDoesNothing() {
        fails(suite((weight, _, _, _, _) -> List.of(weight.add(0)))::whatHasNoGradientStays);
    }

    @Test
    void itHasALearningRateOfItsOwn() {
        fails(
                suite((weight, _, gradient, _, _) -> List.of(weight.sub(gradient.mul(0.01))))
                        ::aLearningRateOfZeroMovesNothing);
    }

    /** The first parameter of the list is the only one that moves fast. */
    @Test
    void itLooksAtThePlaceInTheList() {
        fails(suite(() -> new Optimizer() {
            @Override
            public List<Parameter> state(List<Parameter> parameters) {
                return List.of();
            }

            @Override
            public void update(
                    List<Parameter> parameters,
                    Weights weights,
                    Weights state,
                    List<Tensor> gradients,
                    Tensor learningRate,
                    Tensor step) {
                for (int i = 0; i < parameters.size(); i++) {
                    Tensor weight = weights.get(parameters.get(i).name());
                    learningRate
                            .tracer()
                            .update(weight, weight.sub(gradients.get(i).mul(learningRate.div(i + 1))));
                }
            }
        })::theOrderOfParametersIsOfNoAccount);
    }

    @Test
    void itRemembersTwoThingsUnderOneName() {
        fails(
                suite(() -> Optimizer.perParameter(
                        List.of("m", "m"), (weight, memory, _, _, _) -> List.of(weight, memory.get(0), memory.get(1))))
                        ::whatItRemembersHasNamesOfItsOwn);
    }
}
