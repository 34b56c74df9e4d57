package org.kolotoc.eval.arena.rating;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MatchmakerTest {
    private static long share(double[][] points, int a, int b, int of) {
        Matchmaker matchmaker = new Matchmaker(1);
        return LongStream.range(0, of)
                .mapToObj(turn -> matchmaker.next(points, turn))
                .filter(pair -> pair.left() + pair.right() == a + b && Math.abs(pair.left() - pair.right()) == b - a)
                .count();
    }

    @Test
    void aPairIsDrawnInProportionToWhatItsBattleTells() {
        double[][] points = {{0, 40, 5}, {40, 0, 19}, {5, 1, 0}};
        double[] gains = {Matchmaker.gain(40, 40), Matchmaker.gain(5, 5), Matchmaker.gain(19, 1)};
        double sum = gains[0] + gains[1] + gains[2];
        int of = 4000;
        assertEquals(gains[0] / sum, share(points, 0, 1, of) / (double) of, 0.03);
        assertEquals(gains[1] / sum, share(points, 0, 2, of) / (double) of, 0.03);
        assertTrue(gains[1] > gains[2] && gains[2] > gains[0], "few battles first, then those whose end is open");
    }

    @Test
    void theSidesAreDealtEvenlyAndTheSameSeedDealsAlike() {
        double[][] none = new double[5][5];
        Matchmaker matchmaker = new Matchmaker(3);
        List<Matchmaker.Pairing> first = new ArrayList<>();
        int smallerLeft = 0;
        for (int turn = 0; turn < 2000; turn++) {
            Matchmaker.Pairing pair = matchmaker.next(none, turn);
            first.add(pair);
            smallerLeft += pair.left() < pair.right() ? 1 : 0;
            assertTrue(pair.left() != pair.right());
        }
        assertEquals(1000, smallerLeft, 100);
        Matchmaker again = new Matchmaker(3);
        assertEquals(
                first,
                LongStream.range(0, 2000)
                        .mapToObj(turn -> again.next(none, turn))
                        .toList());
        assertEquals(
                10,
                first.stream()
                        .map(p -> p.left() * p.right() * 10 + p.left() + p.right())
                        .distinct()
                        .count());
    }

    /** Battles that it arranges determine strengths sooner than battles of the same two. */
    @Test
    void everyPairIsFoughtBeforeLong() {
        double[][] points = new double[4][4];
        Matchmaker matchmaker = new Matchmaker(9);
        for (int turn = 0; turn < 60; turn++) {
            Matchmaker.Pairing pair = matchmaker.next(points, turn);
            points[pair.left()][pair.right()] += 0.5;
            points[pair.right()][pair.left()] += 0.5;
        }
        for (int a = 0; a < 4; a++) {
            for (int b = a + 1; b < 4; b++) {
                double fought = points[a][b] + points[b][a];
                assertTrue(fought >= 4 && fought <= 20, a + ", " + b + ": " + fought);
            }
        }
    }
}
