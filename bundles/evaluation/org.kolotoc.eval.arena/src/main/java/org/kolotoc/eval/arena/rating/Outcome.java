package org.kolotoc.eval.arena.rating;

/** How a battle of two ended. */
public enum Outcome {
    LEFT(1),
    TIE(0.5),
    RIGHT(0);

    private final double points;

    Outcome(double points) {
        this.points = points;
    }

    /** What the left side gets of the one point that a battle is worth. */
    public double points() {
        return points;
    }

    /** The same with its sides changed. */
    public Outcome reversed() {
        return values()[RIGHT.ordinal() - ordinal()];
    }
}
