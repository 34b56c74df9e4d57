package org.kolotoc.engine.run;

import java.util.concurrent.CompletableFuture;
import org.kolotoc.engine.channel.Swapped;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.lease.Brought;

/**
 * What somebody wants: another bundle in a seat.
 *
 * @param at steps that are to be taken before
 * @param done how it went
 */
record Swap(SeatName seat, Brought brought, long at, CompletableFuture<Swapped> done) {}
