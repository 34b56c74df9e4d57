package org.kolotoc.backend.cpu.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class WorkersTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void everyPieceRunsExactlyOnce(int threads) {
        try (var workers = new Workers(threads)) {
            for (int pieces : new int[] {0, 1, 2, 3, 5, 16, 97, 1000}) {
                for (int repeat = 0; repeat < 200; repeat++) {
                    var ran = new AtomicIntegerArray(pieces);
                    workers.run(ran::incrementAndGet, pieces);
                    for (int i = 0; i < pieces; i++) {
                        assertEquals(1, ran.get(i), "piece " + i + " of " + pieces);
                    }
                }
            }
        }
    }

    @Test
    void plainWritesOfPiecesAreVisibleToTheCaller() {
        try (var workers = new Workers(2)) {
            long[] cells = new long[64];
            for (int round = 1; round <= 20_000; round++) {
                long value = round;
                workers.run(piece -> cells[piece] += value, cells.length);
            }
            for (long cell : cells) {
                assertEquals(20_000L * 20_001 / 2, cell);
            }
        }
    }

    @Test
    void threadsThatParkedComeBack() {
        try (var workers = new Workers(2)) {
            for (int round = 0; round < 5; round++) {
                LockSupport.parkNanos(3_000_000); // well over the spinning time
                bothThreadsMeet(workers);
            }
        }
    }

    /** Two pieces that wait for each other: this ends only when two threads run them. */
    private static void bothThreadsMeet(Workers workers) {
        var meeting = new CountDownLatch(2);
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        workers.run(
                _ -> {
                    seen.add(Thread.currentThread());
                    meeting.countDown();
                    await(meeting);
                },
                2);
        assertEquals(2, seen.size());
        assertTrue(seen.contains(Thread.currentThread()), "the caller takes part");
    }

    @Test
    void exceptionOfAPieceReachesTheCallerAndTheTeamGoesOn() {
        try (var workers = new Workers(2)) {
            var failure = new IllegalArgumentException("piece 7");
            for (int round = 0; round < 100; round++) {
                var thrown = assertThrows(
                        IllegalArgumentException.class,
                        () -> workers.run(
                                piece -> {
                                    if (piece == 7) {
                                        throw failure;
                                    }
                                },
                                16));
                assertSame(failure, thrown);
            }
            assertThrows(
                    StackOverflowError.class,
                    () -> workers.run(
                            _ -> {
                                throw new StackOverflowError();
                            },
                            4));
            bothThreadsMeet(workers);
        }
    }

    @Test
    void nestedRunsStayOnTheirThread() {
        try (var workers = new Workers(2)) {
            var inner = new AtomicInteger();
            var moved = new AtomicBoolean();
            workers.run(
                    _ -> {
                        var thread = Thread.currentThread();
                        workers.run(
                                _ -> {
                                    inner.incrementAndGet();
                                    moved.compareAndSet(false, Thread.currentThread() != thread);
                                },
                                10);
                    },
                    8);
            assertEquals(80, inner.get());
            assertFalse(moved.get());
        }
    }

    @Test
    void unrelatedThreadsMayCallAtTheSameTime() throws InterruptedException {
        try (var workers = new Workers(2)) {
            var ran = new AtomicInteger();
            Runnable caller = () -> {
                for (int i = 0; i < 2_000; i++) {
                    workers.run(_ -> ran.incrementAndGet(), 5);
                }
            };
            Thread[] callers = {new Thread(caller), new Thread(caller), new Thread(caller)};
            for (Thread thread : callers) {
                thread.start();
            }
            for (Thread thread : callers) {
                thread.join();
            }
            assertEquals(3 * 2_000 * 5, ran.get());
        }
    }

    @Test
    void closingEndsTheThreadsAndRefusesFurtherRuns() {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        var workers = new Workers(2);
        var meeting = new CountDownLatch(2);
        workers.run(
                _ -> {
                    seen.add(Thread.currentThread());
                    meeting.countDown();
                    await(meeting);
                },
                2);
        assertTrue(seen.stream().filter(t -> t != Thread.currentThread()).allMatch(Thread::isDaemon));
        workers.close();
        workers.close();
        assertTrue(seen.stream().filter(t -> t != Thread.currentThread()).noneMatch(Thread::isAlive));
        assertThrows(IllegalStateException.class, () -> workers.run(_ -> {}, 2));
    }

    @Test
    void dispatchAllocatesNothing() {
        try (var workers = new Workers(2)) {
            int[] cells = new int[64];
            Workers.Task task = piece -> cells[piece]++;
            for (int i = 0; i < 20_000; i++) {
                workers.run(task, 8);
            }
            var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE; // the compiler's own moments may allocate; a leak would show in every round
            for (int round = 0; round < 5; round++) {
                long before = bean.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 1_000; i++) {
                    workers.run(task, 8);
                }
                least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
            }
            assertTrue(least < 1_000, "bytes allocated by 1,000 dispatches: " + least);
        }
    }

    @Test
    void refusesCountsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new Workers(0));
        try (var workers = new Workers(1)) {
            assertThrows(IllegalArgumentException.class, () -> workers.run(_ -> {}, -1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void piecesMayBeMoreThanAreHandedOutAtOnce(int threads) {
        byte[] runs = new byte[2 * Workers.MAX_PIECES + 5];
        try (var workers = new Workers(threads)) {
            workers.run(piece -> runs[piece]++, runs.length);
        }
        for (int piece = 0; piece < runs.length; piece++) {
            assertEquals(1, runs[piece]);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
