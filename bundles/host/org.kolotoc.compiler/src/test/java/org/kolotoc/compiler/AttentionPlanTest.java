package org.kolotoc.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.kolotoc.compiler.CompilerTest.agree;
import static org.kolotoc.compiler.CompilerTest.count;
import static org.kolotoc.compiler.CompilerTest.fused;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.AttentionMask;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** What attention becomes. */
class AttentionPlanTest {
    @Test
    void attentionHeadsAreReadAndWrittenInPlace() {
        Tracer trace = new Tracer();
        int batch = 2;
        int time = 4;
        int heads = 3;
        int size = 2;
        int width = heads * size;
        Tensor x = trace.feed("x", DType.F32, Shape.of(batch, time, width));
        Tensor w = trace.state("w", DType.F32, Shape.of(width, 3 * width));
        Tensor o = trace.state("o", DType.F32, Shape.of(width, width));
        Tensor qkv = x.matmul(w);
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            parts.add(qkv.slice(-1, i * width, (i + 1) * width)
                    .reshape(batch, time, heads, size)
                    .transpose(0, 2, 1, 3));
        }
        Tensor mask = Functions.causalMask(trace, time, time);
        Tensor scores = parts.get(0).matmul(parts.get(1).matrixTranspose()).mul(0.5);
        Tensor shares = Functions.softmax(mask.select(scores, scores.constant(-1e9)));
        Tensor y = shares.matmul(parts.get(2))
                .transpose(0, 2, 1, 3)
                .reshape(batch, time, width)
                .matmul(o);
        Tensor loss = y.mul(y).sum();
        List<Tensor> gradients = Gradients.of(loss, List.of(w, o, x));
        trace.output("loss", loss);
        trace.update(w, gradients.get(0));
        trace.update(o, gradients.get(1));
        trace.output("dx", gradients.get(2));
        Plan plan = agree(trace.program());
        long products = plan.launches().stream()
                .filter(Launch.Product.class::isInstance)
                .count();
        assertEquals(12, products);
        assertTrue(
                fused(plan) <= 5,
                () -> plan.launches().stream().map(Launch::name).toList().toString());
    }

    @Test
    void attentionIsOneLaunchForwardAndOneBackwardWithoutACopyOfItsHeads() {
        int batch = 2;
        int time = 4;
        int heads = 3;
        int size = 2;
        int width = heads * size;
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(batch, time, width));
        Tensor w = trace.state("w", DType.F32, Shape.of(width, 3 * width));
        Tensor o = trace.state("o", DType.F32, Shape.of(width, width));
        Tensor qkv = x.matmul(w).add(trace.state("bias", DType.F32, Shape.of(3 * width)));
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            parts.add(qkv.slice(-1, i * width, (i + 1) * width)
                    .reshape(batch, time, heads, size)
                    .transpose(0, 2, 1, 3));
        }
        Tensor y = Functions.attention(parts.get(0), parts.get(1), parts.get(2), 0.5, true)
                .transpose(0, 2, 1, 3)
                .reshape(batch, time, width)
                .matmul(o);
        Tensor loss = y.mul(y).sum();
        List<Tensor> gradients = Gradients.of(loss, List.of(w, o, x));
        trace.output("loss", loss);
        trace.update(w, gradients.get(0));
        trace.update(o, gradients.get(1));
        trace.output("dx", gradients.get(2));
        Plan plan = agree(trace.program());
        assertTrue(plan.launches().stream().anyMatch(l -> l instanceof Launch.Product product && product.hasBias()));
        assertEquals(1, count(plan, Launch.Attention.class));
        assertEquals(1, count(plan, Launch.AttentionGradient.class));
        assertEquals(6, count(plan, Launch.Product.class));
        // The loss, the gradient of the square, and the states, which are still read when their gradients are known.
        assertTrue(
                fused(plan) <= 4,
                () -> plan.launches().stream().map(Launch::name).toList().toString());
    }

    @Test
    void attentionThatHidesKeysRowByRowIsAsManyLaunches() {
        Tracer trace = new Tracer();
        Tensor q = trace.feed("q", DType.F32, Shape.of(2, 3, 4, 5));
        Tensor k = trace.feed("k", DType.F32, Shape.of(2, 3, 7, 5));
        Tensor starts = trace.iota(Shape.of(2), 0).mul(3);
        AttentionMask mask = AttentionMask.causalFrom(starts).within(starts.add(2));
        Tensor y = Functions.attention(q, k, k.mul(2), 0.5, mask);
        trace.output("y", y);
        List<Tensor> gradients = Gradients.of(y.mul(y).sum(), List.of(q, k));
        trace.output("dq", gradients.get(0));
        trace.output("dk", gradients.get(1));
        Plan plan = agree(trace.program());
        assertEquals(1, count(plan, Launch.Attention.class));
        assertEquals(1, count(plan, Launch.AttentionGradient.class));
    }

    @Test
    void attentionOfAnyOrderOfAxesAndOfPartsAlone() {
        Tracer trace = new Tracer();
        Tensor q = trace.feed("q", DType.F32, Shape.of(2, 3, 5, 4));
        Tensor k = trace.feed("k", DType.F32, Shape.of(2, 3, 4, 7)).matrixTranspose();
        Tensor v = trace.feed("v", DType.F32, Shape.of(3, 2, 7, 6)).transpose(1, 0, 2, 3);
        Tensor y = Functions.attention(q, k, v, 0.3, false);
        trace.output("y", y.transpose(2, 0, 3, 1));
        List<Tensor> gradients = Gradients.vjp(y, y.mul(y), List.of(q, k, v));
        trace.output("dq", gradients.get(0));
        trace.output("dk", gradients.get(1).exp());
        trace.output("dv", gradients.get(2).matrixTranspose());
        Tensor causal = Functions.attention(q.mul(2), k, v, 0.3, true);
        trace.output("dk alone", Gradients.vjp(causal, causal, List.of(k)).getFirst());
        trace.output("weightless", Functions.attention(q, q, q, 0, true));
        agree(trace.program());
    }
}
