package org.kolotoc.eval.arena.rating;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who lost or tied against whom. Finite strengths are likeliest exactly where from every model such steps lead to every other
 * (Ford, «Solution of a ranking problem from binary comparisons», 1957): else some of them never lost a point to the others.
 */
final class Beaten {
    private static final int NAMED = 3;

    private Beaten() {}

    static boolean isDetermined(Tally tally) {
        return count(reached(tally, true)) == tally.models() && count(reached(tally, false)) == tally.models();
    }

    /** @throws Undetermined where some never lost a point to the others, with their names */
    static void require(Tally tally, List<String> models) throws Undetermined {
        if (tally.models() < 2) {
            throw new Undetermined("there is no battle of two");
        }
        boolean[] up = reached(tally, true);
        boolean[] down = reached(tally, false);
        // Whoever the first one's steps upwards reach never lost to the others; whoever its steps downwards reach never
        // won.
        boolean[] some = count(up) < models.size() ? up : down;
        if (count(some) == models.size()) {
            return;
        }
        boolean isUp = some == up;
        boolean met =
                IntStream.range(0, tally.rows()).anyMatch(row -> some[tally.first(row)] != some[tally.second(row)]);
        throw new Undetermined(
                met
                        ? names(models, some, isUp) + " never lost a point to " + names(models, some, !isUp)
                                + ", so there is no end to how much stronger they may be"
                        : "no battle joins " + names(models, some, true) + " with " + names(models, some, false)
                                + ", so nothing says who of both is stronger");
    }

    /** @param up from who lost a point to who took it, else the other way; from the first model on */
    private static boolean[] reached(Tally tally, boolean up) {
        boolean[] reached = new boolean[tally.models()];
        List<Integer> open = new ArrayList<>(List.of(0));
        reached[0] = true;
        boolean[][] steps = steps(tally);
        while (!open.isEmpty()) {
            int from = open.removeLast();
            for (int to = 0; to < reached.length; to++) {
                if (!reached[to] && (up ? steps[from][to] : steps[to][from])) {
                    reached[to] = true;
                    open.add(to);
                }
            }
        }
        return reached;
    }

    /** {@code [loser, winner]} */
    private static boolean[][] steps(Tally tally) {
        boolean[][] steps = new boolean[tally.models()][tally.models()];
        for (int row = 0; row < tally.rows(); row++) {
            int first = tally.first(row);
            int second = tally.second(row);
            boolean tied = tally.count(row, Outcome.TIE) > 0;
            steps[first][second] |= tied || tally.count(row, Outcome.RIGHT) > 0;
            steps[second][first] |= tied || tally.count(row, Outcome.LEFT) > 0;
        }
        return steps;
    }

    private static int count(boolean[] reached) {
        return (int) IntStream.range(0, reached.length).filter(i -> reached[i]).count();
    }

    private static String names(List<String> models, boolean[] some, boolean inside) {
        List<String> names = IntStream.range(0, some.length)
                .filter(model -> some[model] == inside)
                .mapToObj(models::get)
                .toList();
        String shown = "'" + String.join("', '", names.subList(0, Math.min(NAMED, names.size()))) + "'";
        return names.size() <= NAMED ? shown : shown + " and " + (names.size() - NAMED) + " others";
    }
}
