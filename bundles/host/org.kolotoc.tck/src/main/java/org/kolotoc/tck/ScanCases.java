package org.kolotoc.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.AttentionMask;
import org.kolotoc.tensor.Convolutions;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Scan;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Window2d;

/** Loops over time, with whatever a body may be made of, and their gradients. */
final class ScanCases {
    private static final int ROWS = 5;
    private static final int WIDTH = 18;

    private ScanCases() {}

    /**
     * A loop.
     *
     * @param results of a sequence {@code [time, 5, 18]}, a carry {@code [5, 18]}, weights {@code [18, 18]}, a bias
     *     {@code [18]}, indices {@code i32 [time, 5]} and keys {@code i32 [time, 2]}
     */
    record Body(String name, Function<Inputs, Scan.Results> results) {}

    record Inputs(Tensor x, Tensor h, Tensor w, Tensor b, Tensor index, Tensor keys) {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (Body body : bodies()) {
            for (int time : new int[] {1, 2, 9}) {
                cases.add(of(body, time));
            }
        }
        cases.add(of(bodies().getFirst(), 130));
        cases.add(state());
        cases.add(nothing());
        cases.add(large());
        return cases;
    }

    static List<Body> bodies() {
        return List.of(
                new Body("of products", ScanCases::recurrent),
                new Body("with gates, backwards", ScanCases::gated),
                new Body("element by element", ScanCases::decaying),
                new Body("of rows and places", ScanCases::indexed),
                new Body("of attention and pictures", ScanCases::attending),
                new Body("in a scan", ScanCases::nested),
                new Body("that shifts", ScanCases::shifting));
    }

    static Case of(Body body, int time) {
        return Case.of("scan " + body.name() + ", " + time + " steps", trace -> trace(trace, body, time, false))
                .with("w", Values.normal(0.2))
                .with("x", Values.normal(0.7))
                .with("index", Values.integers(-1, ROWS + 1));
    }

    static Program program(Body body, int time, boolean recomputing) {
        Tracer trace = new Tracer();
        trace(trace, body, time, recomputing);
        return trace.program();
    }

    private static void trace(Tracer trace, Body body, int time, boolean recomputing) {
        Tensor x = trace.feed("x", DType.F32, Shape.of(time, ROWS, WIDTH));
        Tensor h = trace.feed("h", DType.F32, Shape.of(ROWS, WIDTH));
        Tensor w = trace.state("w", DType.F32, Shape.of(WIDTH, WIDTH));
        Tensor b = trace.feed("b", DType.F32, Shape.of(WIDTH));
        Inputs inputs = new Inputs(
                x,
                h,
                w,
                b,
                trace.feed("index", DType.I32, Shape.of(time, ROWS)),
                trace.feed("keys", DType.I32, Shape.of(time, 2)));
        Scan.Results results;
        try (Tracer.Scope _ = trace.segment("scan")) {
            results = body.results().apply(inputs);
        }
        List<Tensor> all = new ArrayList<>(results.carries());
        all.addAll(results.outputs());
        Tensor loss = trace.constant(0);
        for (int i = 0; i < all.size(); i++) {
            trace.output("result " + i, all.get(i));
            loss = all.get(i).dtype() == DType.F32 ? loss.add(all.get(i).sin().sum()) : loss;
        }
        List<Tensor> leaves = List.of(x, h, w, b);
        List<Tensor> gradients = recomputing ? Gradients.rematerializing(loss, leaves) : Gradients.of(loss, leaves);
        for (int i = 0; i < leaves.size(); i++) {
            trace.output("gradient " + i, gradients.get(i));
        }
    }

    private static Scan.Results recurrent(Inputs in) {
        return Scan.over(List.of(in.h()), List.of(in.x()), step -> {
            Tensor next = step.carry(0)
                    .matmul(step.capture(in.w()))
                    .add(step.input(0))
                    .add(step.capture(in.b()))
                    .tanh();
            return new Scan.Next(List.of(next), List.of(next));
        });
    }

    /** Two carries and a counter, a mask, norms of rows, a product in bfloat16 of what is the same on all backends. */
    private static Scan.Results gated(Inputs in) {
        Tracer trace = in.x().tracer();
        Tensor lengths = trace.iota(Shape.of(ROWS, 1), 0).add(1);
        Tensor counter = trace.constant(3, DType.I32, Shape.scalar());
        return Scan.reversed(List.of(in.h(), in.h().tanh(), counter), List.of(in.x(), in.keys()), step -> {
            Tensor rounded;
            try (Tracer.Scope _ = step.tracer().products(Op.Precision.BF16)) {
                rounded = step.input(0).matmul(step.capture(in.w()));
            }
            Tensor gate = Functions.sigmoid(Functions.softmax(step.carry(0))
                    .matmul(step.capture(in.w()))
                    .add(rounded));
            Tensor cell = Functions.rmsNorm(step.carry(1).mul(gate).add(step.input(0)), step.capture(in.b()), 1e-3);
            Tensor dropped = Functions.dropout(cell, 0.3, step.input(1));
            Tensor open = step.carry(2).lt(step.capture(lengths).mul(2));
            return new Scan.Next(
                    List.of(
                            open.select(dropped.tanh(), step.carry(0)),
                            open.select(cell, step.carry(1)),
                            step.carry(2).add(1)),
                    List.of(dropped, step.carry(2)));
        });
    }

    /** Weights whose gradient is no product, so that it is added up step by step. */
    private static Scan.Results decaying(Inputs in) {
        return Scan.over(List.of(in.h()), List.of(in.x()), step -> {
            Tensor next = step.carry(0).mul(step.capture(in.b()).sin()).add(step.input(0));
            Tensor weighed = step.capture(in.w()).mul(next.sum(0)).sum(1);
            return new Scan.Next(List.of(next.mul(0.5)), List.of(weighed, next.max(1)));
        });
    }

    /** Rows at indices, windows, cumulative sums and orders, of what differs from step to step and of what does not. */
    private static Scan.Results indexed(Inputs in) {
        return Scan.over(List.of(in.h()), List.of(in.x(), in.index()), step -> {
            Tensor at = step.input(1);
            Tensor rows = step.input(0).gather(at).add(step.capture(in.w()).gather(at));
            Tensor places = at.reshape(ROWS, 1).broadcast(Shape.of(ROWS, WIDTH));
            Tensor picked = step.carry(0).gatherAlong(0, places);
            Tensor start = at.slice(0, 0, 1).reshape();
            Tensor window = step.input(0).dynamicSlice(1, start, 7).sin();
            Tensor written = step.carry(0).dynamicUpdate(1, window, start.add(3));
            Tensor sums = rows.mul(0.1).cumulativeSum(1).add(picked);
            return new Scan.Next(
                    List.of(sums.add(written).mul(0.5)),
                    List.of(step.input(0).argSort(3, true), written, sums.scatterAdd(at, ROWS + 2)));
        });
    }

    private static Scan.Results attending(Inputs in) {
        Window2d window = Window2d.of(1);
        return Scan.over(List.of(in.h()), List.of(in.x(), in.index()), step -> {
            Tensor queries = step.carry(0).reshape(1, ROWS, WIDTH);
            Tensor keys = step.input(0).reshape(1, ROWS, WIDTH);
            Tensor read = Functions.attention(
                    queries,
                    keys,
                    keys.sin(),
                    0.3,
                    AttentionMask.CAUSAL.within(step.input(1).slice(0, 0, 1)));
            Tensor pictures = step.input(0).reshape(ROWS, 2, 3, 3);
            Tensor filters = step.capture(in.w()).slice(0, 0, 4).slice(1, 0, 8).reshape(4, 2, 2, 2);
            Tensor seen = Convolutions.conv2d(pictures, filters, window).reshape(ROWS, 16);
            return new Scan.Next(
                    List.of(read.reshape(ROWS, WIDTH).add(step.carry(0).mul(0.3))), List.of(seen));
        });
    }

    private static Scan.Results nested(Inputs in) {
        return Scan.over(List.of(in.h()), List.of(in.x()), outer -> {
            Tensor weights = outer.capture(in.w());
            Scan.Results inner =
                    Scan.reversed(List.of(outer.carry(0).sum(0)), List.of(outer.input(0), outer.carry(0)), step -> {
                        Tensor next = step.carry(0)
                                .reshape(1, WIDTH)
                                .matmul(step.capture(weights))
                                .reshape(WIDTH)
                                .add(step.input(0))
                                .tanh();
                        return new Scan.Next(List.of(next), List.of(next.mul(step.input(1))));
                    });
            return new Scan.Next(
                    List.of(inner.outputs().getFirst().add(outer.capture(in.b()))),
                    List.of(inner.carries().getFirst()));
        });
    }

    /** Carries that become each other, and what came in. */
    private static Scan.Results shifting(Inputs in) {
        return Scan.over(
                List.of(in.h(), in.h().sin(), in.b()),
                List.of(in.x()),
                step -> new Scan.Next(
                        List.of(step.carry(1), step.input(0), step.carry(2)),
                        List.of(step.carry(0).mul(step.carry(1)), step.carry(0), step.input(0))));
    }

    /** A state that goes on from run to run, and is read as it was. */
    private static Case state() {
        return Case.of("scan whose carry is a state", trace -> {
                    Tensor x = trace.feed("x", DType.F32, Shape.of(4, ROWS, WIDTH));
                    Tensor h = trace.state("h", DType.F32, Shape.of(ROWS, WIDTH));
                    Tensor w = trace.state("w", DType.F32, Shape.of(WIDTH, WIDTH));
                    Scan.Results results = recurrent(new Inputs(x, h, w, w.sum(0), null, null));
                    trace.update(h, results.carries().getFirst());
                    trace.output("before", h.mul(2));
                    Tensor loss = results.outputs().getFirst().sin().sum();
                    trace.update(
                            w, w.sub(Gradients.of(loss, List.of(w)).getFirst().mul(0.05)));
                    trace.output("loss", loss);
                })
                .with("w", Values.normal(0.1))
                .times(3);
    }

    /** No rows, and a sum over them. */
    private static Case nothing() {
        return Case.of("scan of no elements", trace -> {
            Tensor x = trace.feed("x", DType.F32, Shape.of(3, 0, 4));
            Tensor h = trace.feed("h", DType.F32, Shape.of(0, 4));
            Scan.Results results = Scan.over(
                    List.of(h),
                    List.of(x),
                    step -> new Scan.Next(
                            List.of(step.carry(0).add(step.input(0))),
                            List.of(step.carry(0), step.carry(0).sum(0))));
            trace.output("last", results.carries().getFirst());
            trace.output("sums", results.outputs().get(1));
            Tensor loss = results.outputs().get(1).sum();
            trace.output("gradient", Gradients.of(loss, List.of(x)).getFirst());
        });
    }

    /** Large enough for several threads, in each step. */
    private static Case large() {
        return Case.of("scan of steps for several threads", trace -> {
                    Tensor x = trace.feed("x", DType.F32, Shape.of(3, 150, 130));
                    Tensor w = trace.feed("w", DType.F32, Shape.of(130, 130));
                    Tensor h = trace.constant(0, DType.F32, Shape.of(150, 130));
                    Scan.Results results = recurrent(new Inputs(x, h, w, w.sum(0), null, null));
                    Tensor loss = results.outputs().getFirst().sin().sum();
                    trace.output("last", results.carries().getFirst());
                    List<Tensor> gradients = Gradients.of(loss, List.of(x, w));
                    trace.output("of x", gradients.get(0));
                    trace.output("of w", gradients.get(1));
                })
                .with("w", Values.normal(0.02));
    }
}
