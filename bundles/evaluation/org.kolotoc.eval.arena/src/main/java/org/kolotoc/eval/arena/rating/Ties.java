package org.kolotoc.eval.arena.rating;

/** What a tie is to a likelihood. */
public enum Ties {
    /** Half a win for each side. */
    HALF,
    /**
     * An outcome of its own, the likelier the nearer both strengths are (Davidson, «On extending the Bradley-Terry model to
     * accommodate ties», 1970).
     */
    DAVIDSON
}
