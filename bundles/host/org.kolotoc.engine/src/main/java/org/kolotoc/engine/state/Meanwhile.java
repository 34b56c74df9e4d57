package org.kolotoc.engine.state;

import java.util.function.Supplier;

/**
 * Work on a run's state that is done while its steps go on: it may look at what the state consists of, not at values, which
 * change under its eyes, nor may it change them. Where it does, it fails, and has to be done again while the run stands.
 */
public final class Meanwhile {
    private static final ScopedValue<Meanwhile> NOW = ScopedValue.newInstance();

    private volatile boolean touched;

    /** Does the work, on this thread. */
    public <T> T call(Supplier<T> work) {
        return ScopedValue.where(NOW, this).call(work::get);
    }

    /** Whether it wanted values; then it failed, however it looks from outside. */
    public boolean touched() {
        return touched;
    }

    /** @throws IllegalStateException within such work */
    public static void requireStanding() {
        if (NOW.isBound()) {
            NOW.get().touched = true;
            throw new IllegalStateException("the run goes on meanwhile: its values may not be touched");
        }
    }
}
