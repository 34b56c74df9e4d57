package org.kolotoc.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * How much of the processor the machine gives right now. Register-only multiply-adds run on as many threads as the steps
 * use; on cores of their own they take as long as one thread does alone. Other processes make them slower, and so do
 * virtual processors that share one core's units.
 */
final class CoreControl implements AutoCloseable {
    /** About 3 ms. */
    private static final int ROUNDS = 2_500_000;

    private static final int WARM_UP = 40;

    private final int threads;
    private final ExecutorService helpers;
    private volatile double sink;
    private double best = Double.MAX_VALUE;

    CoreControl(int threads) {
        this.threads = threads;
        this.helpers = Executors.newFixedThreadPool(
                Math.max(1, threads - 1), Thread.ofPlatform().daemon().factory());
        for (int i = 0; i < WARM_UP; i++) {
            best = Math.min(best, alone());
        }
    }

    /** Share of {@code threads} whole cores that was to be had, from 0 to 1. */
    double share() throws InterruptedException {
        best = Math.min(best, alone());
        CountDownLatch started = new CountDownLatch(threads - 1);
        CountDownLatch ended = new CountDownLatch(threads - 1);
        for (int i = 1; i < threads; i++) {
            helpers.execute(() -> {
                started.countDown();
                sink = work();
                ended.countDown();
            });
        }
        started.await();
        long began = System.nanoTime();
        sink = work();
        ended.await();
        return Math.min(1, best / (System.nanoTime() - began));
    }

    private double alone() {
        long began = System.nanoTime();
        sink = work();
        return System.nanoTime() - began;
    }

    /** Eight chains keep both units of a core busy; the values stay near one. */
    private static double work() {
        double a = 1;
        double b = 1.1;
        double c = 1.2;
        double d = 1.3;
        double e = 1.4;
        double f = 1.5;
        double g = 1.6;
        double h = 1.7;
        for (int i = 0; i < ROUNDS; i++) {
            a = Math.fma(a, 0.5, 0.5);
            b = Math.fma(b, 0.5, 0.5);
            c = Math.fma(c, 0.5, 0.5);
            d = Math.fma(d, 0.5, 0.5);
            e = Math.fma(e, 0.5, 0.5);
            f = Math.fma(f, 0.5, 0.5);
            g = Math.fma(g, 0.5, 0.5);
            h = Math.fma(h, 0.5, 0.5);
        }
        return a + b + c + d + e + f + g + h;
    }

    @Override
    public void close() {
        helpers.shutdown();
    }
}
