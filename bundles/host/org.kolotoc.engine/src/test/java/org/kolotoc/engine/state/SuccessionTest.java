package org.kolotoc.engine.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** One state comes in the place of another, which changes while that is prepared. */
final class SuccessionTest {
    private static final List<Parameter> WEIGHTS = List.of(Parameter.of("weight", new Initializer.Normal(1), 3));
    private static final List<Parameter> SCRATCH = List.of(Parameter.of("scratch", Initializer.ZEROS, 2));

    private final LiveState before = new LiveState(new ReferenceBackend(), 1);
    private final Buffer weight;
    private final LiveState after;

    SuccessionTest() {
        before.declare("model", WEIGHTS);
        before.declareWithinStep("phase", SCRATCH);
        weight = before.buffer("model/weight");
        before.counter("phase/updates", 41);
        before.counter("phase/skipped", 1);
        after = LiveState.inPlaceOf(before);
        after.declare("model", WEIGHTS);
        after.declareWithinStep("phase", SCRATCH);
    }

    @Test
    void takesBuffersAndCountersAsTheyAreByThen() {
        before.counter("phase/updates", 42);
        Buffer scratch = before.buffer("phase/scratch");
        assertTrue(after.isTakenFrom(before));
        after.takeOver(before);
        assertSame(weight, after.buffer("model/weight"));
        assertSame(scratch, after.buffer("phase/scratch"), "made after the succession began");
        assertEquals(42, after.counter("phase/updates"));
        before.close();
        weight.read(new float[3]);
    }

    @Test
    void aCounterThatWasLookedAtMayNotHaveChanged() {
        assertEquals(41, after.counter("phase/updates"));
        before.counter("phase/skipped", 2);
        assertTrue(after.isTakenFrom(before), "nobody looked at that one");
        before.counter("phase/updates", 42);
        assertFalse(after.isTakenFrom(before));
    }

    @Test
    void aCounterThatWasSetStaysSo() {
        after.counter("phase/updates", 0);
        before.counter("phase/updates", 42);
        assertTrue(after.isTakenFrom(before));
        after.takeOver(before);
        assertEquals(0, after.counter("phase/updates"));
        assertEquals(1, after.counter("phase/skipped"));
    }

    @Test
    void aCounterThatIsGoneIsNotTaken() {
        before.release("phase");
        after.takeOver(before);
        assertEquals(0, after.counter("phase/updates"));
        assertEquals(0, after.counter("phase/skipped"));
    }

    @Test
    void aBufferThatIsGoneCanNotBeTaken() {
        before.buffer("phase/scratch");
        LiveState late = LiveState.inPlaceOf(before);
        late.declare("model", WEIGHTS);
        late.declareWithinStep("phase", SCRATCH);
        before.releaseScratch("phase");
        assertFalse(late.isTakenFrom(before));
    }

    @Test
    void valuesMayNotBeTouchedMeanwhile() {
        Meanwhile meanwhile = new Meanwhile();
        assertThrows(IllegalStateException.class, () -> meanwhile.call(() -> after.buffer("model/weight")));
        assertTrue(meanwhile.touched());
        Meanwhile another = new Meanwhile();
        another.call(() -> after.has("model/weight"));
        assertFalse(another.touched());
        // What failed then goes well while the run stands.
        assertSame(weight, after.buffer("model/weight"));
    }
}
