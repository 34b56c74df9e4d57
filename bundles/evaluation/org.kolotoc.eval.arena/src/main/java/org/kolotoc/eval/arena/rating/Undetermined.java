package org.kolotoc.eval.arena.rating;

/** Battles for which no strengths are likelier than all others. */
public final class Undetermined extends Exception {
    private static final long serialVersionUID = 1L;

    Undetermined(String message) {
        super(message);
    }
}
