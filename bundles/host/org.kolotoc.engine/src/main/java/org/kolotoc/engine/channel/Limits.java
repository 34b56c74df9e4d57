package org.kolotoc.engine.channel;

import java.time.Duration;

/**
 * What clients may take of a run.
 *
 * @param clients at once
 * @param followers of these
 * @param events that a follower may be behind
 * @param request time to send a request
 * @param write time to take a line
 * @param beat after so much time a client that waits hears that it still does
 * @param grace time for the last lines when the run ends
 */
record Limits(int clients, int followers, int events, Duration request, Duration write, Duration beat, Duration grace) {
    static final Limits USUAL = new Limits(
            16, 8, 1000, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(1));
}
