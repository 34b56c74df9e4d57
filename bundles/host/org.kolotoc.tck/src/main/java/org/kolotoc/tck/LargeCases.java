package org.kolotoc.tck;

import java.util.stream.Stream;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Chains and fans that nobody would write by hand: more values, buffers and passes over a row than one kernel takes. */
final class LargeCases {
    private static final Shape SHAPE = Shape.of(5, 17);
    private static final int LONG = 80;

    private LargeCases() {}

    static Stream<Case> all() {
        return Stream.of(
                Case.of("a chain whose values are all wanted", LargeCases::chain),
                Case.of("a chain of which only the end is wanted", LargeCases::end),
                Case.of("a sum of many inputs, each part of it wanted", LargeCases::inputs),
                Case.of("inputs and outputs in another order of their axes", LargeCases::turned),
                Case.of("one input after the other over the same row", LargeCases::rows),
                Case.of("a softmax of a softmax of a softmax", LargeCases::softmaxes),
                Case.of("rows and columns of every value of a chain", LargeCases::rowsAndColumns),
                Case.of("random numbers added up", LargeCases::random).with("key", Values.of(5, 7)),
                Case.of("many small updates", LargeCases::updates).times(2));
    }

    private static void chain(Tracer t) {
        Tensor x = t.feed("x", DType.F32, SHAPE);
        for (int i = 0; i < LONG; i++) {
            x = x.mul(0.8).add(0.001 * i).tanh();
            t.output("y" + i, x);
        }
    }

    private static void end(Tracer t) {
        Tensor x = t.feed("x", DType.F32, SHAPE);
        for (int i = 0; i < 2 * LONG; i++) {
            x = i % 3 == 0 ? x.sin() : x.mul(1.1).add(0.1);
        }
        t.output("y", x);
    }

    private static void inputs(Tracer t) {
        Tensor sum = t.feed("x", DType.F32, SHAPE);
        for (int i = 0; i < LONG; i++) {
            sum = sum.mul(0.5).add(t.feed("x" + i, DType.F32, SHAPE));
            t.output("y" + i, sum);
        }
    }

    private static void turned(Tracer t) {
        Tensor x = t.feed("x", DType.F32, Shape.of(3, 2, 5, 4));
        for (int i = 0; i < LONG / 2; i++) {
            Tensor other = t.feed("x" + i, DType.F32, Shape.of(5, 3, 4, 2));
            x = x.mul(0.5).add(other.transpose(1, 3, 0, 2));
            t.output("y" + i, x.transpose(3, 1, 0, 2));
        }
    }

    private static void rows(Tracer t) {
        Tensor x = t.feed("x", DType.F32, SHAPE);
        for (int i = 0; i < LONG / 2; i++) {
            x = x.tanh().sub(x.sumKeepDims(-1).mul(0.1));
        }
        t.output("y", x);
    }

    private static void softmaxes(Tracer t) {
        Tensor x = t.feed("x", DType.F32, SHAPE);
        for (int i = 0; i < LONG / 4; i++) {
            x = Functions.softmax(x.mul(2));
        }
        t.output("y", x);
    }

    private static void rowsAndColumns(Tracer t) {
        Tensor x = t.feed("x", DType.F32, SHAPE);
        for (int i = 0; i < LONG / 2; i++) {
            x = x.erf().add(x.maxKeepDims(-1).mul(0.1));
            t.output("columns" + i, x.sum(0));
        }
        t.output("y", x);
    }

    private static void random(Tracer t) {
        Tensor key = t.feed("key", DType.I32, Shape.of(2));
        Tensor x = t.feed("x", DType.F32, SHAPE);
        for (int i = 0; i < LONG / 2; i++) {
            x = x.add(t.uniform(key, SHAPE));
            t.output("y" + i, x.max(0));
        }
    }

    private static void updates(Tracer t) {
        Tensor rate = t.feed("rate", DType.F32, Shape.scalar());
        for (int i = 0; i < LONG; i++) {
            Tensor state = t.state("s" + i, DType.F32, SHAPE);
            Tensor moment = t.state("m" + i, DType.F32, SHAPE);
            Tensor next = moment.mul(0.9).add(state.mul(0.1));
            t.update(moment, next);
            t.update(state, state.sub(next.mul(rate)));
        }
    }
}
