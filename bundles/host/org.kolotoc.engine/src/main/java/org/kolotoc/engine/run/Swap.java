package org.kolotoc.engine.run;

import java.util.concurrent.CompletableFuture;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.channel.Swapped;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.lease.Brought;
import org.osgi.framework.Bundle;

/**
 * What somebody wants: another bundle in a seat.
 *
 * @param at steps that are to be taken before; 0 for as soon as it is prepared
 * @param again whether it is one that the run made before, from the checkpoint that it goes on from
 * @param done how it went; cancelled by whoever does not want it any longer
 */
record Swap(SeatName seat, Brought brought, long at, boolean again, CompletableFuture<Swapped> done) {
    /** Whether nobody wants it any longer. */
    boolean isWithdrawn() {
        return done.isCancelled();
    }

    /** {@code phase 'pretrain' after step 500: my-pretrain 1.1.0}, for those who look at what is to come. */
    String announced() {
        Bundle bundle = brought.bundle();
        return seat + (at == 0 ? ": " : " after step " + at + ": ") + bundle.getSymbolicName() + " "
                + bundle.getVersion();
    }

    /** Does not take place. */
    void refuse(Throwable why) {
        brought.close();
        done.completeExceptionally(InputError.of(
                seat + " is not swapped, the run goes on as it was: "
                        + (why instanceof InputError || why instanceof PluginFailure
                                ? why.getMessage()
                                : why.toString()),
                "mend the plugin, and swap again",
                why));
    }
}
