package org.kolotoc.author;

import java.io.IOException;
import org.kolotoc.engine.Failure;

/** A command's work. */
@FunctionalInterface
interface Work {
    int run() throws IOException;

    /** Does it; what a person did wrong becomes a message and exit code 2, without a stack trace. */
    static int guarded(Work work) {
        try {
            return work.run();
        } catch (IOException | RuntimeException | Error e) {
            Failure failure = Failure.of(e);
            System.err.println(failure.text());
            if (Boolean.getBoolean("kolotoc.debug")) {
                e.printStackTrace();
            }
            return failure.code().code();
        }
    }
}
