package org.kolotoc.engine.guard;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a plugin is waited for. A call may take twenty times what the longest of its kind took that came back, and no less
 * than the least; before one came back nothing is known of its kind, and it may take ten times the least.
 *
 * @param least zero to wait for ever
 */
public record Patience(Duration least) {
    /** That of a run which says nothing of it. */
    private static final Patience USUAL = new Patience(Duration.ofMinutes(2));

    private static final int OF_THE_LONGEST = 20;
    private static final int UNKNOWN = 10;

    /** @param least as a person says it; the usual if nobody does */
    public static Patience of(Optional<Duration> least) {
        return least.map(Patience::new).orElse(USUAL);
    }

    boolean isEndless() {
        return least.isZero();
    }

    /** @param longest nanoseconds; 0 where none came back */
    long nanoseconds(long longest) {
        return Math.max(longest == 0 ? UNKNOWN * least.toNanos() : OF_THE_LONGEST * longest, least.toNanos());
    }

    /** Nanoseconds between two looks. */
    long between() {
        return Math.min(1_000_000_000L, least.toNanos() / UNKNOWN);
    }
}
