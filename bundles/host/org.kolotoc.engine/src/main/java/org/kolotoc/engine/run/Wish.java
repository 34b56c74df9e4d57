package org.kolotoc.engine.run;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.fill.PluginFailure;

/**
 * What somebody wants of a run between two steps.
 *
 * @param answer cancelled when nobody waits for it any longer, or the run came to its end before
 */
record Wish<T>(Work<T> work, CompletableFuture<T> answer) {
    /** Done on the run's thread. */
    @FunctionalInterface
    interface Work<T> {
        T at(Boundary boundary) throws IOException;
    }

    /** Does it. What can't be done, or fails in a plugin, is answered and ends no run. */
    void fulfil(Boundary boundary) throws IOException {
        if (answer.isDone()) {
            return;
        }
        try {
            answer.complete(work.at(boundary));
        } catch (InputError e) {
            answer.completeExceptionally(e);
        } catch (PluginFailure e) {
            answer.completeExceptionally(InputError.of(
                    e.getMessage(), "mend the plugin; the run goes on, since only this question failed", e));
        } catch (Stopped _) {
            // The run hears it before its next step.
        } finally {
            answer.cancel(false);
        }
    }
}
