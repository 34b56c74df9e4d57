package org.kolotoc.engine.isolate;

/** The process of a run came to its end before the run did. */
public final class ProcessDeath extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String next;

    /** @param next what to do */
    ProcessDeath(String message, String next) {
        super(message);
        this.next = next;
    }

    public String next() {
        return next;
    }
}
