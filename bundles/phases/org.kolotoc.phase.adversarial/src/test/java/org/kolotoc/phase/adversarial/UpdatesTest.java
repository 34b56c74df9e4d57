package org.kolotoc.phase.adversarial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Model;
import org.kolotoc.api.Training;
import org.kolotoc.nn.Layout;
import org.kolotoc.tck.Bench;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** When and how much each side learns, by models whose numbers are known. */
class UpdatesTest {
    private static final Map<String, Model> MODELS =
            Map.of("generator", HeldOutTest.generator(0), "discriminator", HeldOutTest.larger());

    private static AdversarialSettings settings(double r1, int every, double rate, double times) {
        return new AdversarialSettings(
                4, Layout.POINTS, Loss.HINGE, 0, r1, every, 1, 1, 0, rate, rate, times, 0, 0, List.of());
    }

    /** Of zeros each side of the hinge is 1; the slope is 1, its weight 0.4 / 2, three times of that in every third update. */
    @Test
    void theSlopeCountsInEveryThirdUpdateThreeTimes() {
        double[] expected = {2.6, 2, 2, 2.6, 2, 2, 2.6};
        try (Bench bench = new Bench(new ReferenceBackend(), MODELS, HeldOutTest.data(0), 1);
                Training training = new AdversarialPhase().prepare(settings(0.4, 3, 0, 1), bench)) {
            for (int step = 0; step < expected.length; step++) {
                int at = step;
                Map<String, Double> last = Bench.measured(out -> training.step(at, out));
                assertEquals(expected[step], last.get("loss/discriminator"), 1e-6, "step " + step);
            }
        }
    }

    @Test
    void theDiscriminatorHasItsOwnRate() {
        Optimizer telling = Optimizer.perParameter(
                List.of("rate"),
                (weight, memory, gradient, rate, _) -> List.of(
                        weight.sub(gradient.mul(rate)), memory.getFirst().mul(0).add(rate)));
        try (Bench bench = new Bench(new ReferenceBackend(), MODELS, HeldOutTest.data(0), 1)) {
            bench.withOptimizer(telling).train(new AdversarialPhase(), settings(0, 1, 0.01, 3), 0, 1);
            assertEquals(0.01, rate(bench, "generator"), 1e-8);
            assertEquals(0.03, rate(bench, "discriminator"), 1e-8);
        }
    }

    private static float rate(Bench bench, String side) {
        float[] rate = new float[1];
        bench.state().buffer("bench/rate." + side + ".scale").read(rate);
        return rate[0];
    }
}
