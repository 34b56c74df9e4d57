package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.probe.Probe;

/**
 * What every probe must do, at a step of training of a small model with attention, gradients and updates.
 *
 * @param <S> the settings record
 */
public abstract class ProbeConformance<S extends Record> {
    protected abstract Probe<S> probe();

    protected abstract S settings();

    /** Settings that it must refuse. */
    protected Stream<Refused<S>> refused() {
        return Stream.empty();
    }

    /** Whether all that it reads is made of the program's values; else it may read other numbers each time. */
    protected boolean readsValues() {
        return true;
    }

    private ProbeBed.Look look(ProbeBed bed) {
        Optional<ProbeBed.Look> look = bed.look(probe(), settings());
        assertTrue(look.isPresent(), "it finds nothing in a step of training, with gradients, attention and updates");
        return look.get();
    }

    private ProbeBed.Read read(long seed) {
        try (ProbeBed bed = new ProbeBed(ProbeBed.step(), seed);
                ProbeBed.Look look = look(bed)) {
            return look.read();
        }
    }

    @Test
    void settingsAreARecordOfTheProbe() {
        assertTrue(probe().settings().isInstance(settings()));
    }

    @TestFactory
    Stream<DynamicTest> settingsThatDoNotFitAreRefusedByField() {
        return refused()
                .map(bad -> DynamicTest.dynamicTest(bad.toString(), () -> {
                    try (ProbeBed bed = new ProbeBed(ProbeBed.step(), 1)) {
                        bad.check(() -> bed.look(probe(), bad.settings()));
                    }
                }));
    }

    @Test
    void itReadsNumbersThatAreFiniteAndHaveNames() {
        ProbeBed.Read read = read(1);
        assertFalse(read.values().isEmpty(), "it reads no number");
        read.values().forEach((name, value) -> {
            assertFalse(name.isBlank(), () -> "a number without a name: " + value);
            assertTrue(Double.isFinite(value), () -> name + " is " + value);
        });
        read.pictures().forEach((name, content) -> assertFalse(name.isBlank() || content.isEmpty(), name));
    }

    @Test
    void theSameIsReadAgain() {
        assumeTrue(readsValues(), "not evaluated: it reads more than the program's values");
        try (ProbeBed bed = new ProbeBed(ProbeBed.step(), 2);
                ProbeBed.Look look = look(bed)) {
            ProbeBed.Read first = look.read();
            assertEquals(first, look.read(), "read twice");
        }
        assertEquals(read(2), read(2), "looked twice");
    }

    @Test
    void otherValuesAreReadAsOthers() {
        assumeTrue(readsValues(), "not evaluated: it reads more than the program's values");
        assertNotEquals(read(3).values(), read(4).values(), "whatever the weights and the batch are");
    }

    @Test
    void theNamesStayWhatTheyAre() {
        assertEquals(
                List.copyOf(read(5).values().keySet()),
                List.copyOf(read(6).values().keySet()));
    }

    @Test
    void nothingOfTheProgramChanges() {
        try (ProbeBed bed = new ProbeBed(ProbeBed.step(), 7);
                ProbeBed.Look look = look(bed)) {
            var before = bed.bits();
            look.read();
            assertEquals(before, bed.bits());
        }
    }

    /** Two runs of one host may be looked into at once, and a program may have several lookers. */
    @Test
    void eachLookIsOfItsOwn() {
        assumeTrue(readsValues(), "not evaluated: it reads more than the program's values");
        Probe<S> one = probe();
        try (ProbeBed bed = new ProbeBed(ProbeBed.step(), 8);
                ProbeBed other = new ProbeBed(ProbeBed.step(), 9);
                ProbeBed.Look here = bed.look(one, settings()).orElseThrow();
                ProbeBed.Look there = other.look(one, settings()).orElseThrow()) {
            ProbeBed.Read first = here.read();
            there.read();
            assertEquals(first, here.read());
        }
    }

    @Test
    void aProgramThatHasNothingOfItIsNoFailure() {
        try (ProbeBed bed = new ProbeBed(ProbeBed.counter(), 10)) {
            bed.look(probe(), settings()).ifPresent(look -> {
                try (look) {
                    look.read();
                }
            });
        }
    }
}
