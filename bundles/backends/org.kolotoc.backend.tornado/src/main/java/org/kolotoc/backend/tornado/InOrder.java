package org.kolotoc.backend.tornado;

import java.util.List;

/** Ends what has to end, one after the other: one that fails keeps none from its turn. */
final class InOrder {
    private InOrder() {}

    /** Runs all; throws what the first of those that failed threw, the others' beside it. */
    static void all(List<? extends Runnable> ends) {
        Throwable first = null;
        for (Runnable end : ends) {
            try {
                end.run();
            } catch (RuntimeException | Error e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        switch (first) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(first);
        }
    }
}
