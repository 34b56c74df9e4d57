package org.kolotoc.backend.cpu;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The steps that need something: its end is theirs. So a step looks at nothing but itself when it runs, however many
 * buffers it has.
 */
final class Dependents {
    private final String refusal;
    private final Set<CpuStep> steps = new HashSet<>();
    private volatile boolean closed;

    /** @param what they need, for messages: {@code the program} */
    Dependents(String what) {
        this.refusal = what + " was closed";
    }

    /** @throws IllegalStateException when it was closed */
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException(refusal);
        }
    }

    /** @throws IllegalStateException when it was closed */
    synchronized void add(CpuStep step) {
        requireOpen();
        steps.add(step);
    }

    synchronized void remove(CpuStep step) {
        steps.remove(step);
    }

    /**
     * Closes it: ends the steps, each when it is not running.
     *
     * @return false if that was done before
     */
    boolean close() {
        List<CpuStep> last;
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
            last = List.copyOf(steps);
        }
        last.forEach(step -> step.end(refusal));
        return true;
    }
}
