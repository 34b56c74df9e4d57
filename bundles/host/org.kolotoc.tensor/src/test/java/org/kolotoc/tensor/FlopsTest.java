package org.kolotoc.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What programs cost, against numbers that were counted on paper. */
class FlopsTest {
    private final Tracer trace = new Tracer();

    private Tensor feed(String name, int... shape) {
        return trace.feed(name, DType.F32, Shape.of(shape));
    }

    private double flops(Tensor... outputs) {
        for (int i = 0; i < outputs.length; i++) {
            trace.output("out" + i, outputs[i]);
        }
        return trace.program().flops();
    }

    @Test
    void aProductHasTwoForEachMultiplyAdd() {
        assertEquals(2.0 * 5 * 3 * 7 * 4, flops(feed("a", 5, 3, 7).matmul(feed("b", 5, 7, 4))));
    }

    @Test
    void aProductCostsThreeTimesAsMuchWithBothItsGradients() {
        Tensor a = feed("a", 3, 7);
        Tensor b = feed("b", 7, 4);
        List<Tensor> gradients = Gradients.of(a.matmul(b).exp().sum(), List.of(a, b));
        assertEquals(3 * 2.0 * 3 * 7 * 4, flops(gradients.get(0), gradients.get(1)));
    }

    @Test
    void aConvolutionCountsWhatItsFiltersSeeAndItsGradientsLikewise() {
        Tensor images = feed("images", 2, 6, 8, 8);
        Tensor weights = feed("weights", 4, 3, 5, 3);
        Tensor result = Convolutions.conv2d(images, weights, Window2d.of(2).padded(1), 2);
        double forward = 2.0 * 2 * 4 * result.shape().extent(2) * result.shape().extent(3) * 3 * 5 * 3;
        List<Tensor> gradients = Gradients.of(result.exp().sum(), List.of(images, weights));
        assertEquals(3 * forward, flops(gradients.get(0), gradients.get(1)));
    }

    @Test
    void attentionCostsTwiceAsMuchBackwards() {
        Tensor q = feed("q", 2, 5, 8);
        Tensor k = feed("k", 2, 9, 8);
        Tensor v = feed("v", 2, 9, 6);
        Tensor result = Functions.attention(q, k, v, 1, false);
        double forward = 2.0 * 2 * 5 * 9 * (8 + 6);
        List<Tensor> gradients = Gradients.of(result.exp().sum(), List.of(q, k, v));
        assertEquals(3 * forward, flops(gradients.get(0), gradients.get(1), gradients.get(2)));
    }

    /** Seven steps of a product, the last carry and all outputs of which are wanted. */
    @Test
    void aLoopCostsWhatItsStepsDoAndItsGradientTwiceThat() {
        Tensor weight = feed("weight", 5, 5);
        Tensor first = feed("first", 3, 5);
        Scan.Results all = Scan.over(List.of(first), List.of(feed("sequence", 7, 3, 5)), step -> {
            Tensor next = step.carry(0)
                    .matmul(step.capture(weight))
                    .add(step.input(0))
                    .tanh();
            return new Scan.Next(List.of(next), List.of(next));
        });
        double forward = 7 * 2.0 * 3 * 5 * 5;
        Tensor loss = all.outputs()
                .getFirst()
                .sum()
                .add(all.carries().getFirst().exp().sum());
        List<Tensor> gradients = Gradients.of(loss, List.of(weight, first));
        assertEquals(3 * forward, flops(loss, gradients.get(0), gradients.get(1)));
    }

    @Test
    void whatIsBoundByMemoryAndWhatNobodyNeedsCostsNothing() {
        Tensor x = feed("x", 64, 64);
        x.matmul(x);
        assertEquals(0, flops(Functions.gelu(x).add(x.exp()).sum()));
    }
}
