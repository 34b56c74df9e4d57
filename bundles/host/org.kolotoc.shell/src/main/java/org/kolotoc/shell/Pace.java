package org.kolotoc.shell;

/**
 * How fast steps go, by the later half of those that were: the first compiles, and until code is compiled well the others are slow
 * too. What comes now and then, evaluations, counts with the steps between.
 */
final class Pace {
    /** Where the steps began, where counting begins, and where it will, once as much has passed behind that as before. */
    private final Mark start;

    private Mark from;
    private Mark next;
    private Mark now;

    private record Mark(long step, long nanos) {}

    /** @param step the first, after it was taken */
    Pace(long step, long nanos) {
        start = new Mark(step, nanos);
        from = start;
        next = start;
        now = start;
    }

    void reached(long step, long nanos) {
        now = new Mark(step, nanos);
        if (nanos - next.nanos() >= next.nanos() - start.nanos()) {
            from = next;
            next = now;
        }
    }

    /** How long so many steps take, once a second step was reached. */
    double seconds(long steps) {
        return (now.nanos() - from.nanos()) / 1e9 / (now.step() - from.step()) * steps;
    }
}
