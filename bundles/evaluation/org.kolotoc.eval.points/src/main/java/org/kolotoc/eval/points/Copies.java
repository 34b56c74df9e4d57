package org.kolotoc.eval.points;

import java.util.HashMap;
import java.util.Map;

/** Points of the plane that are known, found again by the square of a grid that they lie in. */
final class Copies {
    /** Points that agree this far are one: far less than chance puts beside each other. */
    private static final double SAME = 1e-5;

    private record Square(long x, long y) {
        static Square of(double x, double y) {
            return new Square((long) Math.floor(x / SAME), (long) Math.floor(y / SAME));
        }
    }

    /** One point of each square will do: all others of it are as near as a square is wide. */
    private final Map<Square, float[]> known = new HashMap<>();

    /** @param places x before y */
    Copies(float[] places) {
        for (int i = 0; i < places.length; i += 2) {
            known.put(Square.of(places[i], places[i + 1]), new float[] {places[i], places[i + 1]});
        }
    }

    /** How many places there are that points which are the same share. */
    int places() {
        return known.size();
    }

    /** How many of some points are among them. */
    int among(float[] places) {
        int found = 0;
        for (int i = 0; i < places.length; i += 2) {
            found += is(places[i], places[i + 1]) ? 1 : 0;
        }
        return found;
    }

    private boolean is(double x, double y) {
        for (int right = -1; right <= 1; right++) {
            for (int up = -1; up <= 1; up++) {
                float[] other = known.get(Square.of(x + right * SAME, y + up * SAME));
                if (other != null && Math.hypot(other[0] - x, other[1] - y) <= SAME) {
                    return true;
                }
            }
        }
        return false;
    }
}
