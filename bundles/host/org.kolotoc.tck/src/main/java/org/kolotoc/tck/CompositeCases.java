package org.kolotoc.tck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.nn.AdamW;
import org.kolotoc.nn.Attention;
import org.kolotoc.nn.Dropout;
import org.kolotoc.nn.Sgd;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/** What fuses: row kernels forward and backward, updates of states, attention. */
final class CompositeCases {
    private static final int[][] ROWS = {{0, 5}, {1, 1}, {3, 1}, {1, 65}, {7, 17}, {5, 0}, {130, 128}, {33, 257}};

    private CompositeCases() {}

    static Stream<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (int[] rows : ROWS) {
            Shape shape = Shape.of(rows[0], rows[1]);
            cases.add(backward("softmax " + shape, shape, Functions::softmax));
            cases.add(backward("logSoftmax " + shape, shape, Functions::logSoftmax));
            cases.add(backward("gelu " + shape, shape, Functions::gelu));
            cases.add(backward("geluExact " + shape, shape, Functions::geluExact));
            cases.add(backward("silu " + shape, shape, Functions::silu));
            cases.add(dropout(shape));
            if (shape.extent(1) > 0) {
                cases.add(norm(shape));
            }
            if (shape.size() > 0) {
                cases.add(crossEntropy(shape));
            }
        }
        for (int size : new int[] {0, 1, 17, 1025}) {
            cases.add(optimisers(size));
            cases.add(states(size));
            cases.add(replaced(size));
        }
        for (int time : new int[] {1, 3, 17, 64}) {
            cases.add(attention(time));
            cases.add(cross(time));
        }
        cases.add(masked());
        cases.add(einsum());
        hazards(cases);
        return cases.stream();
    }

    private static Case backward(String name, Shape shape, UnaryOperator<Tensor> function) {
        return Case.of(name, t -> {
            Tensor x = t.feed("x", DType.F32, shape);
            Tensor cotangent = t.feed("cotangent", DType.F32, shape);
            Tensor y = function.apply(x);
            t.output("y", y);
            t.output("dx", Gradients.of(y.mul(cotangent).sum(), List.of(x)).getFirst());
        });
    }

    private static Case dropout(Shape shape) {
        return Case.of("dropout " + shape, t -> {
            Tensor x = t.feed("x", DType.F32, shape);
            Tensor key = t.feed("key", DType.I32, Shape.of(2));
            Tensor y = Functions.dropout(x, 0.3, key).add(Functions.dropout(x, 0.5, key));
            t.output("y", y);
            t.output("dx", Gradients.of(y.mul(y).sum(), List.of(x)).getFirst());
        });
    }

    private static Case norm(Shape shape) {
        return Case.of("layerNorm " + shape, t -> {
            Tensor x = t.feed("x", DType.F32, shape);
            Tensor scale = t.feed("scale", DType.F32, Shape.of(shape.extent(1)));
            Tensor shift = t.feed("shift", DType.F32, Shape.of(shape.extent(1)));
            Tensor cotangent = t.feed("cotangent", DType.F32, shape);
            // A wide epsilon: at width 1 the variance is 0, and the root would magnify rounding.
            Tensor y = Functions.layerNorm(x, scale, shift, 1e-2);
            List<Tensor> gradients = Gradients.of(y.mul(cotangent).sum(), List.of(x, scale, shift));
            t.output("y", y);
            t.output("dx", gradients.get(0));
            t.output("dscale", gradients.get(1));
            t.output("dshift", gradients.get(2));
        });
    }

    private static Case crossEntropy(Shape shape) {
        int vocab = shape.extent(1);
        return Case.of("crossEntropy " + shape, t -> {
                    Tensor logits = t.feed("logits", DType.F32, shape);
                    Tensor targets = t.feed("targets", DType.I32, Shape.of(shape.extent(0)));
                    Tensor losses = Functions.crossEntropy(logits, targets);
                    Tensor loss = Functions.mean(losses);
                    t.output("losses", losses);
                    t.output("loss", loss);
                    t.output("dlogits", Gradients.of(loss, List.of(logits)).getFirst());
                })
                .with("logits", Values.normal(3))
                .with("targets", Values.integers(0, vocab));
    }

    private static Case optimisers(int size) {
        return Case.of("optimisers [" + size + "]", t -> {
                    Tensor rate = t.feed("rate", DType.F32, Shape.scalar());
                    Tensor step = t.feed("step", DType.F32, Shape.scalar());
                    Tensor gradient = t.feed("gradient", DType.F32, Shape.of(size, 3));
                    Parameter adamw = Parameter.of("adamw", Initializer.ZEROS, size, 3);
                    Parameter sgd = Parameter.of("sgd", Initializer.ZEROS, size, 3);
                    new AdamW(0.9, 0.95, 1e-8, 0.1)
                            .update(List.of(adamw), state(t, adamw), state(t, adamw), List.of(gradient), rate, step);
                    new Sgd(0.9).update(List.of(sgd), state(t, sgd), state(t, sgd), List.of(gradient), rate, step);
                })
                .with("rate", Values.of(1e-2))
                .with("step", Values.of(3))
                .with("second.adamw", Values.positive())
                .times(3);
    }

    /** States that are written in the first pass over a row or in the second, of what the first one summed, or once a row. */
    private static Case states(int width) {
        return Case.of("states and sums of rows, width " + width, t -> {
                    Tensor early = t.state("early", DType.F32, Shape.of(5, width));
                    Tensor moved = early.mul(0.9).add(t.feed("x", DType.F32, Shape.of(5, width)));
                    t.update(early, moved);
                    t.output("rest", early.sub(moved.sumKeepDims(1)));
                    Tensor late = t.state("late", DType.F32, Shape.of(5, width));
                    Tensor halved = late.mul(0.5);
                    t.update(late, late.sub(halved.sumKeepDims(1)));
                    t.output("halved", halved);
                    Tensor mean = t.state("mean", DType.F32, Shape.of(5, width));
                    Tensor next = mean.mul(0.9).add(halved);
                    t.update(mean, next);
                    t.output("squares", next.mul(next).sum(1));
                    Tensor kept = t.state("kept", DType.F32, Shape.of(5, 1));
                    Tensor row = t.feed("row", DType.F32, Shape.of(5, width));
                    Tensor summed = kept.mul(0.5).add(row.sumKeepDims(1));
                    t.update(kept, summed);
                    t.output("of both", row.sub(summed.mul(kept)));
                    t.output("apart", row.sub(summed).abs().sum(1));
                })
                .times(2);
    }

    /** States whose old content is needed beside a new one that is not made of it; a second run would find the new one for the old. */
    private static Case replaced(int width) {
        return Case.of("states replaced while they are read, width " + width, t -> {
            for (String beside : List.of("nothing", "sums", "columns")) {
                Tensor former = t.state(beside, DType.F32, Shape.of(5, width));
                Tensor next =
                        t.feed("next " + beside, DType.F32, Shape.of(5, width)).mul(2);
                Tensor moved = next.sub(former);
                t.update(former, next);
                t.output("moved " + beside, moved);
                switch (beside) {
                    case "sums" -> t.output(beside + " of next", next.sum(1));
                    case "columns" -> t.output(beside + " of moved", moved.sum(0));
                    default -> {}
                }
            }
        });
    }

    private static Weights state(Tracer t, Parameter parameter) {
        return name -> t.state(name, parameter.dtype(), parameter.shape());
    }

    private static Case attention(int time) {
        return Case.of("causal attention, time " + time, t -> {
            Attention attention = new Attention(20, 4, true, Initializer.ZEROS);
            Tensor x = t.feed("x", DType.F32, Shape.of(3, time, 20));
            List<Tensor> leaves = leaves(t, attention.parameters());
            Tensor mask = Functions.causalMask(t, time, time);
            Tensor y = attention.apply(named(attention.parameters(), leaves), x, mask, Dropout.NONE);
            gradients(t, y, x, leaves);
        });
    }

    private static Case cross(int time) {
        return Case.of("cross attention, time " + time, t -> {
            Attention attention = new Attention(6, 3, true, Initializer.ZEROS);
            Tensor x = t.feed("x", DType.F32, Shape.of(2, time, 6));
            Tensor memory = t.feed("memory", DType.F32, Shape.of(2, 5, 6));
            List<Tensor> leaves = leaves(t, attention.parameters());
            Tensor y = attention.cross(named(attention.parameters(), leaves), x, memory, null, Dropout.NONE);
            gradients(t, y, x, leaves);
        });
    }

    private static void gradients(Tracer t, Tensor y, Tensor x, List<Tensor> leaves) {
        List<Tensor> all = Stream.concat(Stream.of(x), leaves.stream()).toList();
        List<Tensor> gradients = Gradients.of(y.mul(y).sum(), all);
        t.output("y", y);
        IntStream.range(0, all.size()).forEach(i -> t.output("gradient" + i, gradients.get(i)));
    }

    /** Axes in an order that products have to be arranged for. */
    private static Case einsum() {
        return Case.of("einsum", t -> {
            Tensor q = t.feed("q", DType.F32, Shape.of(2, 5, 3, 4));
            Tensor k = t.feed("k", DType.F32, Shape.of(2, 7, 3, 4));
            Tensor w = t.feed("w", DType.F32, Shape.of(4, 3, 4));
            Tensor scores = Functions.einsum("bqhd,bkhd->bhqk", q, k);
            t.output("scores", scores);
            t.output("bilinear", Functions.einsum("bqhd,dhe,bkhe->bqk", q, w, k));
            t.output("diagonal", Functions.einsum("dhd->hd", w));
            t.output("outer", Functions.einsum("bqhd,e->ebdq", q, w.sum(0, 1)));
            List<Tensor> gradients = Gradients.of(scores.mul(scores).sum(), List.of(q, k));
            t.output("dq", gradients.get(0));
            t.output("dk", gradients.get(1));
        });
    }

    /** What a mask hides has exactly no weight and no gradient, on any backend. */
    private static Case masked() {
        return Case.of("hidden positions", t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(5, 37));
            Tensor mask = Functions.causalMask(t, 5, 37);
            Tensor weights = Functions.softmax(mask.select(x, x.constant(-1e9)));
            Tensor gradient =
                    Gradients.of(weights.mul(weights).sum(), List.of(x)).getFirst();
            Tensor zero = x.constant(0);
            t.output("weights", weights);
            t.output("hiddenWeights", mask.select(zero, weights).eq(zero));
            t.output("hiddenGradients", mask.select(zero, gradient).eq(zero));
        });
    }

    /** Updates in place must not be seen by who reads the old content. */
    private static void hazards(List<Case> cases) {
        Shape shape = Shape.of(37);
        cases.add(Case.of("states exchanged", t -> {
                    Tensor a = t.state("a", DType.F32, shape);
                    Tensor b = t.state("b", DType.F32, shape);
                    t.update(a, b);
                    t.update(b, a);
                })
                .times(3)
                .bits());
        cases.add(Case.of("old content read after the update", t -> {
                    Tensor a = t.state("a", DType.F32, Shape.of(6, 6));
                    t.update(a, a.matrixTranspose().add(1));
                    t.output("old", a);
                    t.output("sum", a.sum());
                    t.output("product", a.matmul(a));
                })
                .times(2));
        cases.add(Case.of("reversed in place", t -> {
                    Tensor a = t.state("a", DType.F32, Shape.of(9, 4));
                    t.update(a, Tensor.concat(0, List.of(a.slice(0, 4, 9), a.slice(0, 0, 4))));
                })
                .times(2)
                .bits());
        cases.add(Case.of("outputs that are inputs, constants and each other", t -> {
                    Tensor x = t.feed("x", DType.F32, shape);
                    Tensor y = x.add(1);
                    t.output("same", x);
                    t.output("one", y);
                    t.output("two", y);
                    t.output("constant", t.constant(3));
                    t.output("reshaped", x.reshape(1, 37));
                    t.update(t.state("a", DType.F32, shape), y);
                    t.update(t.state("b", DType.F32, shape), x);
                    t.feed("unused", DType.I32, Shape.of(3));
                })
                .bits());
        cases.add(Case.of("a counter and a moving average", t -> {
                    Tensor count = t.state("count", DType.I32, Shape.scalar());
                    Tensor average = t.state("average", DType.F32, Shape.of(3, 5));
                    Tensor x = t.feed("x", DType.F32, Shape.of(3, 5));
                    t.update(count, count.add(count.constant(1)));
                    t.update(
                            average,
                            average.mul(0.9).add(x.mul(count.cast(DType.F32)).mul(0.1)));
                })
                .times(4));
        cases.add(Case.of("a moving average of what was just updated", t -> {
                    Tensor weight = t.state("weight", DType.F32, Shape.of(6, 6));
                    Tensor slow = t.state("slow", DType.F32, Shape.of(6, 6));
                    Tensor before = t.state("before", DType.F32, Shape.of(6, 6));
                    Tensor x = t.feed("x", DType.F32, Shape.of(6, 6));
                    Tensor gradient = Gradients.of(weight.matmul(x).sin().sum(), List.of(weight))
                            .getFirst();
                    t.update(weight, weight.sub(gradient.mul(0.1)));
                    t.update(slow, slow.mul(0.75).add(t.next(weight).mul(0.25)));
                    t.update(before, weight);
                    t.output("apart", t.next(slow).sub(t.next(weight)));
                    t.output("moved", t.next(weight).sub(weight).matmul(x));
                })
                .times(4));
    }

    private static List<Tensor> leaves(Tracer t, List<Parameter> parameters) {
        return parameters.stream()
                .map(p -> t.feed(p.name(), p.dtype(), p.shape()))
                .toList();
    }

    private static Weights named(List<Parameter> parameters, List<Tensor> leaves) {
        Map<String, Tensor> byName = new HashMap<>();
        for (int i = 0; i < leaves.size(); i++) {
            byName.put(parameters.get(i).name(), leaves.get(i));
        }
        return byName::get;
    }
}
