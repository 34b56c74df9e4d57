package org.kolotoc.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.kolotoc.compiler.CompilerTest.agree;
import static org.kolotoc.compiler.CompilerTest.count;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** States and caches that are written where they lie. */
class InPlaceTest {
    @Test
    void aStateIsUpdatedInPlaceOnlyWhenNobodyReadsItsOldContentLater() {
        Tracer trace = new Tracer();
        Tensor a = trace.state("a", DType.F32, Shape.of(5));
        Tensor b = trace.state("b", DType.F32, Shape.of(5));
        trace.update(a, b.add(1));
        trace.update(b, a.mul(2));
        agree(trace.program());
    }

    /** An optimizer whose steps are measured as they are made: a sum over rows does not keep states from their place. */
    @Test
    void aStateIsUpdatedInPlaceBesideASumOverRows() {
        Tracer trace = new Tracer();
        Tensor mean = trace.state("mean", DType.F32, Shape.of(5, 7));
        Tensor moved = mean.mul(0.9).add(trace.feed("gradient", DType.F32, Shape.of(5, 7)));
        trace.update(mean, moved);
        trace.output("squares", moved.mul(moved).sum(1));
        Plan plan = agree(trace.program());
        assertEquals(1, plan.launches().size(), () -> plan.launches().toString());
    }

    /** The second pass over a row would read what the first one wrote; what the second writes is read by nobody. */
    @Test
    void aStateIsNotOverwrittenBeforeALaterPassReadsIt() {
        for (boolean first : new boolean[] {true, false}) {
            Tracer trace = new Tracer();
            Tensor a = trace.state("a", DType.F32, Shape.of(5, 7));
            Tensor doubled = a.mul(2);
            Tensor rest = a.sub(doubled.sumKeepDims(1));
            trace.update(a, first ? doubled : rest);
            trace.output("b", first ? rest : doubled);
            Plan plan = agree(trace.program());
            assertEquals(
                    first ? 2 : 1, plan.launches().size(), () -> plan.launches().toString());
        }
    }

    /** What is stored first would be read by what is computed next, in the same pass. */
    @Test
    void aStateIsNotOverwrittenBeforeItsOldContentIsRead() {
        for (int more = 0; more < 3; more++) {
            Tracer trace = new Tracer();
            Tensor a = trace.state("a", DType.F32, Shape.of(5, 7));
            Tensor next = trace.feed("x", DType.F32, Shape.of(5, 7)).mul(2);
            trace.update(a, next);
            trace.output("moved", next.sub(a));
            if (more > 0) {
                trace.output("sum", (more == 1 ? next : next.sub(a)).sum(1));
            }
            agree(trace.program());
        }
    }

    /** A number of each row is written when the row is done, whatever pass made it or reads the old one. */
    @Test
    void aStateOfRowsIsUpdatedInPlaceBesideTheirSums() {
        for (String of : List.of("the first pass", "the second", "nothing before")) {
            Tracer trace = new Tracer();
            Tensor kept = trace.state("kept", DType.F32, Shape.of(5, 1));
            Tensor x = trace.feed("x", DType.F32, Shape.of(5, 7));
            Tensor sum = x.sumKeepDims(1);
            Tensor next = switch (of) {
                case "the first pass" -> kept.mul(0.9).add(sum);
                case "the second" -> kept.mul(0.9).add(x.sub(sum).abs().sumKeepDims(1));
                default -> sum.mul(2);
            };
            trace.update(kept, next);
            trace.output("rest", x.sub(next.mul(kept)));
            Plan plan = agree(trace.program());
            assertEquals(1, plan.launches().size(), () -> of + ": " + plan.launches());
        }
    }

    @Test
    void aStateThatIsTransposedOntoItselfIsNotOverwrittenWhileRead() {
        Tracer trace = new Tracer();
        Tensor a = trace.state("a", DType.F32, Shape.of(4, 4));
        trace.update(a, a.matrixTranspose().add(a));
        agree(trace.program());
    }

    @Test
    void aStateWhosePartsAreExchangedIsNotOverwrittenWhileRead() {
        Tracer trace = new Tracer();
        Tensor a = trace.state("a", DType.F32, Shape.of(6, 2));
        trace.update(
                a,
                Tensor.concat(
                        0, List.of(a.slice(0, 3, 6).mul(2), a.slice(0, 0, 3).tanh())));
        agree(trace.program());
    }

    @Test
    void eachRowOfACacheIsWrittenInPlace() {
        Tracer trace = new Tracer();
        Tensor cache = trace.state("cache", DType.F32, Shape.of(2, 3, 6, 3));
        Tensor row = trace.feed("row", DType.F32, Shape.of(2, 3, 2, 3));
        Tensor written = cache.dynamicUpdate(2, row, trace.iota(Shape.of(2), 0).mul(3));
        trace.update(cache, written);
        Plan plan = agree(trace.program());
        assertEquals(1, count(plan, Launch.Window.class));
    }

    @Test
    void aCacheIsWrittenInPlace() {
        Tracer trace = new Tracer();
        Tensor cache = trace.state("cache", DType.F32, Shape.of(2, 6, 3));
        Tensor row = trace.feed("row", DType.F32, Shape.of(2, 1, 3));
        Tensor start = trace.feed("start", DType.I32, Shape.scalar());
        Tensor written = cache.dynamicUpdate(1, row, start);
        trace.update(cache, written);
        trace.output("twice", written.mul(2));
        Plan plan = agree(trace.program());
        assertEquals(2, plan.launches().size(), () -> plan.launches().toString());
    }
}
