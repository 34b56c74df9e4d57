package org.kolotoc.engine.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.TestFramework;
import org.kolotoc.tensor.DeviceFailure;
import org.osgi.framework.Bundle;

/** What comes out of a plugin's hands. */
final class OccupantTest {
    private static final Occupant OCCUPANT = occupant();

    private static Occupant occupant() {
        List<Bundle> bundles = List.of(new TestFramework()
                .seat(Seat.PHASE, "odd", new OccupantTest(), "acme.odd")
                .context()
                .getBundles());
        return new Occupant(Seat.PHASE, "odd", new PluginBundle(bundles.getFirst(), bundles));
    }

    @Test
    void whatSaysWhoIsAtFaultComesAsItIs() {
        for (RuntimeException known : List.of(
                InputError.of("no such file", ""),
                new DeviceFailure("gone", null),
                new HostDefect("a step", new IllegalStateException()),
                PluginFailure.broken(OCCUPANT, "broke"))) {
            assertSame(
                    known,
                    assertThrows(
                            RuntimeException.class,
                            () -> OCCUPANT.run("acted", () -> {
                                throw known;
                            })));
        }
    }

    @Test
    void nothingIsNoAnswer() {
        assertEquals(3, OCCUPANT.give("answered", () -> 3));
        assertTrue(assertThrows(PluginFailure.class, () -> OCCUPANT.give("answered", () -> null))
                .getMessage()
                .contains("(bundle acme.odd 1.0.0) gave null when it answered"));
    }

    /** Of two versions with classes of one name the one that was called is to blame. */
    @Test
    void whoWasCalledIsBlamedBeforeAnotherVersionOfIt() {
        TestFramework framework = new TestFramework()
                .seat(Seat.PHASE, "old", new OccupantTest(), "acme.old")
                .seat(Seat.PHASE, "new", new OccupantTest(), "acme.new");
        List<Bundle> bundles = List.of(framework.context().getBundles());
        Occupant called = new Occupant(Seat.PHASE, "new", new PluginBundle(bundles.getLast(), bundles));
        PluginFailure failure = assertThrows(
                PluginFailure.class,
                () -> called.run("acted", () -> {
                    throw new IllegalStateException("bang");
                }));
        assertSame(bundles.getLast(), failure.bundle());
    }

    @Test
    void whoHangsIsLeft() {
        CountDownLatch never = new CountDownLatch(1);
        PluginFailure failure = assertThrows(
                PluginFailure.class, () -> OCCUPANT.within(Duration.ofMillis(500), "was made", () -> hang(never)));
        never.countDown();
        assertTrue(
                failure.getMessage().contains("did not come back within 0.5 s when it was made"), failure.toString());
        assertTrue(failure.getMessage().contains("OccupantTest.hang(OccupantTest.java:"), failure.getMessage());
    }

    private static int hang(CountDownLatch never) {
        while (true) {
            try {
                never.await();
                return 1;
            } catch (InterruptedException _) {
                // As a plugin may that waits for ever.
            }
        }
    }

    @Test
    void soonIsAsGoodAsAtOnce() {
        assertEquals(3, OCCUPANT.soon("was made", () -> 3));
        PluginFailure failure = assertThrows(
                PluginFailure.class,
                () -> OCCUPANT.soon("was made", () -> {
                    throw new IllegalStateException("no");
                }));
        assertTrue(failure.getMessage().contains("failed while it was made: java.lang.IllegalStateException: no"));
    }

    @Test
    void aTaleWithoutEndIsCut() {
        PluginFailure failure = assertThrows(
                PluginFailure.class,
                () -> OCCUPANT.run("acted", () -> {
                    throw new IllegalStateException("\u001b[2J" + "x".repeat(100_000));
                }));
        assertTrue(failure.getMessage().length() < 1000, failure.getMessage().length() + " characters");
        assertTrue(failure.getMessage().contains("\\u{1b}[2J"), failure.getMessage());
        assertTrue(Stream.of(failure.getMessage().split("\n")).count() <= 3, Arrays.toString(failure.getStackTrace()));
    }
}
