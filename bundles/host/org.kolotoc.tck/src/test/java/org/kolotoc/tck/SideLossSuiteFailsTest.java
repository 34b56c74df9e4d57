package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Settings;
import org.kolotoc.api.SideLoss;
import org.kolotoc.api.SideLossFamily;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Tensor;
import org.opentest4j.AssertionFailedError;

/** The negative controls of the side losses' suite: one that breaks a promise fails the test of that promise. */
class SideLossSuiteFailsTest {
    private record Family(SideLoss loss) implements SideLossFamily<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public SideLoss create(Settings.None settings) {
            return loss;
        }
    }

    private static SideLossConformance<Settings.None> suite(SideLoss loss) {
        return new SideLossConformance<>() {
            @Override
            protected SideLossFamily<Settings.None> family() {
                return new Family(loss);
            }

            @Override
            protected Settings.None settings() {
                return new Settings.None();
            }
        };
    }

    private static Tensor made(SideLoss.Use use) {
        return use.outputs().get("sample");
    }

    private static void fails(Stream<DynamicTest> tests) {
        List<DynamicTest> all = tests.toList();
        assertThrows(
                AssertionFailedError.class, () -> all.getFirst().getExecutable().execute());
    }

    @Test
    void itIsNoScalar() {
        fails(suite(use -> made(use)).itIsANumberAndTheSameOneAgain());
    }

    @Test
    void itIsNoNumberWhereAllAreAlike() {
        fails(suite(use -> Functions.mean(made(use).abs().sqrt())).itIsANumberOfSamplesThatAreAlike());
    }

    @Test
    void itSeesNothingOfWhatWasMade() {
        fails(suite(use -> Functions.mean(use.batch().get("sample"))).aStepAgainstItsGradientMakesItFall());
    }

    /** A stopped gradient leaves half of what the loss is out of it. */
    @Test
    void itsGradientIsOfSomethingElse() {
        fails(suite(use -> Functions.mean(made(use).mul(made(use).stopGradient())))
                .aStepAgainstItsGradientMakesItFall());
    }
}
