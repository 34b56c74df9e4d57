package org.kolotoc.data.program;

/** A program that can't be run here. */
final class NotUnderstood extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotUnderstood(String what) {
        super("not understood: " + what);
    }
}
