package org.kolotoc.engine.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;

/** What is noted while something is prepared once more in a run that goes on. */
final class RunLedgerTest {
    private static final Silence KNOWN = silence("known");

    private final RunLedger ledger = new RunLedger(false);
    private final List<String> told = new ArrayList<>();

    RunLedgerTest() {
        ledger.note(KNOWN);
        ledger.listen(line -> told.add(line.silence().sentence()));
        told.clear();
    }

    private static Silence silence(String sentence) {
        return new Silence(Ledger.Kind.UNVERIFIED, "phase 'odd'", "$", sentence);
    }

    private List<String> lines() {
        return ledger.lines().stream()
                .map(line -> line.silence().sentence() + " " + line.count())
                .toList();
    }

    @Test
    void whatIsNewIsNotedAndWhatIsKnownIsNotCountedAgain() {
        String prepared = ledger.again(() -> {
            ledger.note(KNOWN);
            ledger.note(silence("new"));
            assertEquals(List.of(), told, "nobody knows yet whether it goes well");
            return "prepared";
        });
        assertEquals("prepared", prepared);
        assertEquals(List.of("known 1", "new 1"), lines());
        assertEquals(List.of("new"), told);
        ledger.note(KNOWN);
        assertEquals(List.of("known 2", "new 1"), lines());
    }

    @Test
    void whereItFailsNothingWasSaid() {
        assertThrows(
                IllegalStateException.class,
                () -> ledger.again(() -> {
                    ledger.note(silence("new"));
                    throw new IllegalStateException("odd");
                }));
        assertEquals(List.of("known 1"), lines());
        ledger.note(silence("new"));
        assertEquals(List.of("known 1", "new 1"), lines());
    }

    @Test
    void theRunsOwnThreadNotesMeanwhile() {
        assertThrows(
                IllegalStateException.class,
                () -> ledger.again(() -> {
                    Thread run = Thread.ofVirtual().start(() -> {
                        ledger.note(KNOWN);
                        ledger.note(silence("of a step"));
                    });
                    while (run.isAlive()) {
                        Thread.onSpinWait();
                    }
                    assertEquals(List.of("known 2", "of a step 1"), lines());
                    throw new IllegalStateException("odd");
                }));
        assertEquals(List.of("known 2", "of a step 1"), lines());
    }

    /** What the run noted before does not refuse the preparation. */
    @Test
    void aStrictOneRefusesForWhatIsNewAlone() {
        RunLedger strict = new RunLedger(true);
        strict.note(KNOWN);
        strict.again(() -> {
            strict.note(KNOWN);
            strict.refuse();
            strict.note(silence("new"));
            assertThrows(InputError.class, strict::refuse);
            return "prepared";
        });
    }
}
