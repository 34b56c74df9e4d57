package org.kolotoc.engine.channel;

import java.util.concurrent.CompletableFuture;

/** What a run does for those who speak to it. Any thread may ask; none of it waits for the run. */
public interface Served {
    /**
     * Does what somebody asks.
     *
     * @return records, maps, lists and scalars, once the run did it; cancelled when it came to its end before, or by a client
     *     who does not wait any longer
     * @throws org.kolotoc.api.InputError when there is no such request, or it can't be done
     */
    CompletableFuture<?> answer(Request request);

    /** What the run is at, in words: for those who wait. */
    String doing();
}
