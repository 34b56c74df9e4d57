package org.kolotoc.engine.prepare;

import java.util.List;

/** Closes several things, each of them whatever becomes of the others. */
final class Closing {
    private Closing() {}

    /**
     * Runs all of these in order.
     *
     * @throws RuntimeException the first that one of them threw, the others suppressed in it
     */
    static void all(List<Runnable> closing) {
        RuntimeException failure = null;
        for (Runnable close : closing) {
            try {
                close.run();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The same after something failed, which is what shall be heard of. */
    static void after(Throwable failed, List<Runnable> closing) {
        try {
            all(closing);
        } catch (RuntimeException e) {
            failed.addSuppressed(e);
        }
    }
}
