package org.kolotoc.phase.adversarial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Examples;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Training;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.MinibatchDeviation;
import org.kolotoc.tck.Bench;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** What an evaluation says of games whose ends are known. */
class HeldOutTest {
    private static final int GROUP = 3;

    private static final List<Parameter> SCALE = List.of(Parameter.of("scale", Initializer.ONES, 1));

    /** Of one coordinate. */
    static Dataset data(float... heldOut) {
        return new Examples(
                Dimensions.of("coordinate", 1),
                Map.of(
                        "train",
                        new Examples.Part(1).with(Layout.POINTS.field(), new float[1]),
                        "validation",
                        new Examples.Part(heldOut.length).with(Layout.POINTS.field(), heldOut)));
    }

    /** Makes the noise times a number. */
    static Model generator(double times) {
        return Model.of(Layout.POINTS.generator(false), Dimensions.of("latent", 1), SCALE, (weights, inputs, _) -> {
            Tensor noise = inputs.get("noise");
            return Map.of("sample", noise.mul(times).mul(weights.get("scale").broadcast(noise.shape())));
        });
    }

    /** Holds a sample for the likelier the larger it is. */
    static Model larger() {
        return discriminator(Dimensions.none(), sample -> sample);
    }

    /** Holds samples for the likelier the more those of a group differ. */
    private static Model different() {
        return discriminator(
                Dimensions.of("group", GROUP),
                sample -> new MinibatchDeviation(GROUP).apply(sample).slice(1, 1, 2));
    }

    private static Model discriminator(Dimensions limits, UnaryOperator<Tensor> looks) {
        return Model.of(Layout.POINTS.discriminator(false), limits, SCALE, (weights, inputs, _) -> {
            Tensor logit = looks.apply(inputs.get("sample")).sum(1);
            return Map.of("logit", logit.mul(weights.get("scale").broadcast(logit.shape())));
        });
    }

    private static Map<String, Double> measured(Model generator, Model discriminator, int batch, float... heldOut) {
        Map<String, Model> models = Map.of("generator", generator, "discriminator", discriminator);
        try (Bench bench = new Bench(new ReferenceBackend(), models, data(heldOut), 1);
                Training training = new AdversarialPhase()
                        .prepare(AdversarialPhaseTest.settings(batch, Loss.HINGE, 0, 1, 0, 0.01), bench)) {
            return Bench.measured(training::evaluate);
        }
    }

    private static double ordered(Model generator, Model discriminator, int batch, float... heldOut) {
        return measured(generator, discriminator, batch, heldOut).get("ordered/validation");
    }

    /** 1 where held-out samples are always held for likelier, 0 where made ones are, a half of those that are the same. */
    @Test
    void heldOutSamplesThatAreHeldForLikelierCount() {
        assertEquals(1, ordered(generator(0), larger(), 4, 1, 2, 3, 4, 5, 6));
        assertEquals(0, ordered(generator(0), larger(), 4, -1, -2, -3, -4, -5, -6));
        assertEquals(0.75, ordered(generator(0), larger(), 4, 1, 0, 3, 0));
    }

    /** What fills the last batch makes the last two of these differ, which is no trait of them. */
    @Test
    void onlyWholeGroupsAreHeldAgainstEachOther() {
        for (int batch : new int[] {3, 6, 30}) {
            assertEquals(0.5, ordered(generator(0), different(), batch, 7, 7, 7, 7, 7), "batch " + batch);
            assertEquals(0.75, ordered(generator(0), different(), batch, 7, 7, 7, 1, 2, 3, 5), "batch " + batch);
        }
        assertEquals(0, ordered(generator(100), different(), 3, 7, 7, 7));
    }

    /** In deviations of what is held out: all that is made is 0, which is 1 and 3 of them away on the average. */
    @Test
    void theDistanceIsInDeviations() {
        Map<String, Double> near = measured(generator(0), larger(), 3, 2, -2, 2, -2);
        assertEquals(1, near.get("distance/validation"), 1e-6);
        assertEquals(0, near.get("diversity"), 1e-6);
        Map<String, Double> far = measured(generator(0), larger(), 3, 4, 8, 4, 8);
        assertEquals(3, far.get("distance/validation"), 1e-6);
    }

    @Test
    void fewerThanAGroupAreRefused() {
        InputError error = assertThrows(InputError.class, () -> ordered(generator(0), different(), GROUP, 7, 7));
        assertTrue(error.getMessage().contains("2 held-out samples"), error::getMessage);
    }
}
