package org.kolotoc.tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loops of which everything depends on one tensor: what they begin with, what is cut into steps, what all steps share. */
final class ScanCases {
    private ScanCases() {}

    static Map<String, GradientCases.Case> all() {
        Map<String, GradientCases.Case> cases = new LinkedHashMap<>();
        cases.put("scan", new GradientCases.Case(Shape.of(4, 2, 3), 0, 0.6, ScanCases::recurrent));
        cases.put("scan of one step", new GradientCases.Case(Shape.of(1, 2, 3), 0, 0.6, ScanCases::recurrent));
        cases.put("scan with gates", new GradientCases.Case(Shape.of(3, 2, 3), 0, 0.6, ScanCases::gated));
        cases.put("scan with a weight twice", new GradientCases.Case(Shape.of(3, 2, 3), 0, 0.6, ScanCases::twice));
        cases.put("scan from the end", new GradientCases.Case(Shape.of(3, 2, 3), 0.2, 0.5, ScanCases::fromTheEnd));
        cases.put("scan without sequences", new GradientCases.Case(Shape.of(2, 3), 0.2, 0.5, ScanCases::iterated));
        cases.put("scan without carries", new GradientCases.Case(Shape.of(3, 2, 3), 0, 0.6, ScanCases::apart));
        cases.put("scan in a scan", new GradientCases.Case(Shape.of(3, 2, 2), 0, 0.6, ScanCases::nested));
        cases.put("scan that shifts", new GradientCases.Case(Shape.of(4, 2), 0, 0.7, ScanCases::shifted));
        cases.put("scan with attention", new GradientCases.Case(Shape.of(3, 2, 4), 0, 0.6, ScanCases::attending));
        return cases;
    }

    /** A weight that is used in a product and turned, a bias, both results. */
    private static Tensor recurrent(Tensor x) {
        Tensor w = x.slice(0, 0, 1).reshape(2, 3).sin();
        Tensor square = w.matrixTranspose().matmul(w);
        Tensor bias = w.sum(0);
        Scan.Results all = Scan.over(List.of(w.cos()), List.of(x), step -> {
            Tensor weight = step.capture(square);
            Tensor h = step.carry(0);
            Tensor next = h.matmul(weight)
                    .add(step.input(0).matmul(weight.matrixTranspose()))
                    .add(step.capture(bias))
                    .tanh();
            return new Scan.Next(
                    List.of(next), List.of(next.mul(h), step.input(0).exp()));
        });
        return all.outputs()
                .getFirst()
                .add(all.carries().getFirst())
                .add(all.outputs().get(1));
    }

    /** The sum over steps of a weight's gradient is one of two products. */
    private static Tensor twice(Tensor x) {
        Tensor w = x.slice(0, 0, 1).reshape(2, 3).sin();
        Tensor square = w.matrixTranspose().matmul(w);
        Tensor flat = square.reshape(9);
        return Scan.over(List.of(w), List.of(x), step -> {
                    Tensor weight = step.capture(flat).reshape(3, 3);
                    Tensor next = step.carry(0)
                            .matmul(weight)
                            .add(step.input(0).cos().matmul(weight))
                            .tanh();
                    return new Scan.Next(List.of(next), List.of(next));
                })
                .outputs()
                .getFirst();
    }

    /** Two carries, a mask that stops some rows, a product of rank 3, a softmax. */
    private static Tensor gated(Tensor x) {
        Tensor w = x.slice(0, 1, 2).reshape(2, 3).sin();
        Tensor square = w.matrixTranspose().matmul(w);
        Tensor lengths = x.tracer().iota(Shape.of(2, 1), 0).add(2);
        Tensor time = x.tracer().iota(Shape.of(3), 0);
        Scan.Results all = Scan.over(List.of(w, w.mul(0.5), time.slice(0, 0, 1)), List.of(x, time), step -> {
            Tensor h = step.carry(0);
            Tensor c = step.carry(1);
            Tensor gates = h.reshape(1, 2, 3)
                    .matmul(step.capture(square))
                    .reshape(2, 3)
                    .add(step.input(0));
            Tensor cell = Functions.softmax(gates).mul(c).add(gates.tanh());
            Tensor open = step.input(1).lt(step.capture(lengths));
            return new Scan.Next(
                    List.of(
                            open.select(cell.tanh(), h),
                            open.select(cell, c),
                            step.carry(2).add(1)),
                    List.of(cell));
        });
        return all.outputs()
                .getFirst()
                .add(all.carries().get(0))
                .mul(all.carries().get(1));
    }

    /** What all steps share enters element by element, so that its sum is a carry. */
    private static Tensor fromTheEnd(Tensor x) {
        Tensor decay = x.slice(0, 2, 3).reshape(2, 3).sin();
        Scan.Results all = Scan.reversed(List.of(x.sum(0)), List.of(x, x.cos()), step -> {
            Tensor next =
                    step.carry(0).mul(step.capture(decay)).add(step.input(0)).mul(step.input(1));
            return new Scan.Next(List.of(next), List.of(step.carry(0), next.exp()));
        });
        return all.outputs().get(0).add(all.outputs().get(1));
    }

    private static Tensor iterated(Tensor x) {
        Tensor square = x.matrixTranspose().matmul(x);
        return Scan.times(3, List.of(x), step -> {
                    Tensor next = step.carry(0).matmul(step.capture(square)).sin();
                    return new Scan.Next(List.of(next), List.of());
                })
                .carries()
                .getFirst();
    }

    /** Steps that know nothing of each other. */
    private static Tensor apart(Tensor x) {
        Tensor w = x.slice(0, 0, 1).reshape(2, 3).matrixTranspose();
        return Scan.over(
                        List.of(),
                        List.of(x),
                        step -> new Scan.Next(
                                List.of(),
                                List.of(step.input(0).matmul(step.capture(w)).sin())))
                .outputs()
                .getFirst();
    }

    private static Tensor nested(Tensor x) {
        Tensor w = x.slice(0, 0, 1).reshape(2, 2).sin();
        return Scan.over(List.of(w), List.of(x), outer -> {
                    Tensor weight = outer.capture(w);
                    Scan.Results inner = Scan.over(List.of(outer.input(0)), List.of(outer.carry(0)), step -> {
                        Tensor next = step.carry(0)
                                .matmul(step.capture(weight))
                                .add(step.input(0))
                                .tanh();
                        return new Scan.Next(List.of(next), List.of(next.sum(0)));
                    });
                    return new Scan.Next(
                            List.of(inner.outputs().getFirst()),
                            List.of(inner.carries().getFirst()));
                })
                .outputs()
                .getFirst();
    }

    /** A carry that becomes another one, and one that becomes the input, as they are. */
    private static Tensor shifted(Tensor x) {
        Tensor none = x.slice(0, 0, 1).reshape(2);
        Scan.Results all = Scan.over(List.of(none, none.sin()), List.of(x), step -> {
            Tensor before = step.carry(0).mul(step.carry(1));
            return new Scan.Next(List.of(step.carry(1), step.input(0)), List.of(before));
        });
        return all.outputs().getFirst().add(all.carries().getFirst());
    }

    private static Tensor attending(Tensor x) {
        return Scan.over(List.of(x.slice(0, 0, 1).reshape(1, 2, 4)), List.of(x), step -> {
                    Tensor keys = step.input(0).reshape(1, 2, 4);
                    Tensor next = Functions.attention(step.carry(0), keys, keys.sin(), 0.7, AttentionMask.CAUSAL);
                    return new Scan.Next(List.of(next), List.of(next.add(step.carry(0))));
                })
                .outputs()
                .getFirst();
    }
}
