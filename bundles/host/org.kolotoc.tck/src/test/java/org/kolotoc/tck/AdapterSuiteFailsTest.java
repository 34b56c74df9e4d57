package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.api.Adapter;
import org.kolotoc.api.AdapterFamily;
import org.kolotoc.api.Settings;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.opentest4j.AssertionFailedError;

/** The negative controls of the adapters' suite: one that breaks a promise fails the test of that promise. */
class AdapterSuiteFailsTest {
    private static final String BIAS = "head.bias";
    private static final String OWN = "own";

    /** Adds a vector to the bias of the head. */
    private record Added(String name, Initializer initializer, Adding adding) implements Adapter {
        @Override
        public List<Parameter> parameters(List<Parameter> model) {
            return model.stream()
                    .filter(parameter -> parameter.name().equals(BIAS))
                    .map(bias -> new Parameter(name, bias.dtype(), bias.shape(), initializer))
                    .toList();
        }

        @Override
        public Weights adapt(List<Parameter> model, Weights weights) {
            return parameter ->
                    parameter.equals(BIAS) ? adding.of(weights.get(BIAS), weights.get(name)) : weights.get(parameter);
        }
    }

    @FunctionalInterface
    private interface Adding {
        Tensor of(Tensor bias, Tensor own);
    }

    private static AdapterConformance<Settings.None> suite(String name, Initializer initializer, Adding adding) {
        return new AdapterConformance<>() {
            @Override
            protected AdapterFamily<Settings.None> family() {
                return new AdapterFamily<>() {
                    @Override
                    public Class<Settings.None> settings() {
                        return Settings.None.class;
                    }

                    @Override
                    public Adapter create(Settings.None settings) {
                        return new Added(name, initializer, adding);
                    }
                };
            }

            @Override
            protected Settings.None settings() {
                return new Settings.None();
            }
        };
    }

    private static AdapterConformance<Settings.None> suite(Adding adding) {
        return suite(OWN, Initializer.ZEROS, adding);
    }

    private static void fails(Executable test) {
        assertThrows(AssertionFailedError.class, test);
    }

    @Test
    void oneThatKeepsItsPromisesPasses() {
        AdapterConformance<Settings.None> suite = suite(Tensor::add);
        suite.itsParametersHaveNamesOfTheirOwn();
        suite.atFirstTheModelComputesTheSameBits();
        suite.trainingIsOfItsOwnParametersAlone();
        suite.theModelAloneComputesTheSameWithTheWeightsItMakes();
        suite.theSameSeedGivesTheSameBits();
    }

    @Test
    void itChangesTheFirstForward() {
        fails(suite(OWN, Initializer.ONES, Tensor::add)::atFirstTheModelComputesTheSameBits);
    }

    @Test
    void itTrainsTheModel() {
        fails(suite((bias, own) -> {
            bias.tracer().update(bias, bias.add(0.01));
            return bias.add(own);
        })::trainingIsOfItsOwnParametersAlone);
    }

    @Test
    void itLearnsNothing() {
        AdapterConformance<Settings.None> suite = suite((bias, own) -> bias.add(own.mul(0)));
        fails(suite::trainingIsOfItsOwnParametersAlone);
        fails(suite::theModelAloneComputesTheSameWithTheWeightsItMakes);
    }

    /** The weights that it makes are not those that it trains with. */
    @Test
    void itDoesNotMerge() {
        AtomicInteger traced = new AtomicInteger();
        // Forward, training, then the weights that are to be merged.
        fails(
                suite((bias, own) -> traced.incrementAndGet() == 3 ? bias.add(0) : bias.add(own))
                        ::theModelAloneComputesTheSameWithTheWeightsItMakes);
    }

    @Test
    void itTakesANameOfTheModel() {
        fails(suite("head.weight", Initializer.ZEROS, Tensor::add)::itsParametersHaveNamesOfTheirOwn);
    }

    @Test
    void itDependsOnMoreThanTheSeed() {
        AtomicInteger traced = new AtomicInteger();
        fails(suite((bias, own) -> bias.add(own.mul(1 + traced.incrementAndGet() % 2)))::theSameSeedGivesTheSameBits);
    }
}
