package org.kolotoc.engine.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that does not come back is noticed; what only takes long, or nobody could look at, is not. */
@Timeout(30)
final class WatchdogTest {
    private static final long SECOND = 1_000_000_000L;

    private final Calls calls = new Calls(ProcessSettings.now()::putBack);
    private final Watchdog watchdog = new Watchdog(calls, new Patience(Duration.ofSeconds(10)), _ -> {});
    private final List<RuntimeException> thrown = new ArrayList<>();
    private long now = System.nanoTime() + SECOND;

    /** What a call is to be ended with. */
    private static final class Hanging extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Hanging(double seconds, StackTraceElement[] stack) {
            super(seconds + " s at " + stack[0].getMethodName());
        }
    }

    private void call(String doing, Supplier<Object> work) {
        try {
            Calls.within(doing, Hanging::new, work);
        } catch (RuntimeException e) {
            thrown.add(e);
        }
    }

    /** Whether a call was given up after so many looks. */
    private boolean looks(int times, long nanoseconds) {
        boolean given = false;
        for (int i = 0; i < times; i++) {
            now += nanoseconds;
            given |= watchdog.look(now);
        }
        return given;
    }

    @Test
    void aCallOfAKindThatNeverCameBackHasTenTimesTheLeast() {
        calls.run(() -> {
            call("took its step 1", () -> looks(101, SECOND));
            assertEquals(List.of(), thrown, "100 s");
            call("took its step 2", () -> looks(12, SECOND));
        });
        assertEquals(1, thrown.size(), "one of its kind came back at once");
    }

    @Test
    void aCallMayTakeTwentyTimesTheLongestOfItsKind() {
        Patience patience = new Patience(Duration.ofSeconds(10));
        assertEquals(60 * SECOND, patience.nanoseconds(3 * SECOND));
        assertEquals(10 * SECOND, patience.nanoseconds(1));
        assertEquals(100 * SECOND, patience.nanoseconds(0));
    }

    @Test
    void whatHangsIsInterruptedAndWhatItGivesThenIsOfNoAccount() {
        calls.run(() -> {
            call("prepared", () -> {
                assertFalse(looks(102, SECOND));
                assertTrue(Thread.currentThread().isInterrupted());
                return looks(5, SECOND);
            });
            assertFalse(Thread.interrupted(), "nothing after it is interrupted");
        });
        assertEquals(1, thrown.size());
        assertTrue(thrown.getFirst().getMessage().startsWith("101.0 s at "), thrown::toString);
        assertFalse(calls.isAbandoned());
    }

    @Test
    void whatIsNotMovedByThatIsGivenUp() {
        assertThrows(
                Calls.Abandoned.class,
                () -> calls.run(() -> call("prepared", () -> {
                    assertTrue(looks(108, SECOND));
                    return "";
                })));
        assertTrue(calls.isAbandoned());
        Thread.interrupted();
    }

    @Test
    void signsOfLifeAndTheHostsOwnWorkAreNoSilence() {
        calls.run(() -> {
            call("evaluated", () -> {
                for (int i = 0; i < 10; i++) {
                    looks(90, SECOND);
                    calls.alive();
                }
                return Calls.host(() -> looks(1000, SECOND));
            });
            looks(1000, SECOND);
        });
        assertEquals(List.of(), thrown);
    }

    /** As after a suspension: an hour between two looks is no more than two looks. */
    @Test
    void timeInWhichNobodyCouldLookDoesNotCount() {
        calls.run(() -> call("evaluated", () -> looks(49, 3600 * SECOND)));
        assertEquals(List.of(), thrown);
    }

    @Test
    void whatACallSetsForTheWholeProcessIsPutBack() {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        PrintStream out = System.out;
        calls.run(() -> call("prepared", () -> {
            Locale.setDefault(Locale.of("xx"));
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
            System.setOut(new PrintStream(OutputStream.nullOutputStream()));
            System.setErr(System.out);
            Thread.setDefaultUncaughtExceptionHandler((_, _) -> {});
            return "";
        }));
        assertEquals(locale, Locale.getDefault());
        assertEquals(zone, TimeZone.getDefault());
        assertSame(out, System.out);
        assertNotSame(out, System.err);
        assertNull(Thread.getDefaultUncaughtExceptionHandler());
    }

    @Test
    void whoWaitsHearsThatACallWasGivenUp() throws InterruptedException {
        AtomicReference<RuntimeException> given = new AtomicReference<>();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                calls.run(() -> call("slept", () -> deaf(end)));
            } catch (Calls.Abandoned _) {
                // As is to be.
            }
        });
        try (Watchdog _ = Watchdog.over(calls, new Patience(Duration.ofMillis(20)), given::set)) {
            while (given.get() == null) {
                Thread.sleep(1);
            }
        }
        assertTrue(given.get().getMessage().contains(" s at "), given.get()::getMessage);
        end.countDown();
        thread.join();
    }

    private static boolean deaf(CountDownLatch end) {
        while (true) {
            try {
                end.await();
                return true;
            } catch (InterruptedException _) {
                // It is.
            }
        }
    }
}
