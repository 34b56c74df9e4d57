package org.kolotoc.data.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.kolotoc.api.text.Choice;

/** Rows of numbers that go on by a rule: steps, and primes. Asked for are rows that begin where none does that is told. */
final class NumberRows implements Subject {
    static final String KIND = "arithmetic";

    private static final int OPTIONS = 4;
    private static final int STARTS = 20;
    private static final int STEPS = 9;
    private static final int LONGEST = 8;
    private static final List<String> STEP = List.of("Řada s krokem {} začíná čísly", "Počítám po {}:");
    private static final List<String> PRIME =
            List.of("Prvočíselná řada začíná čísly", "Prvočísla jdou za sebou takto:");
    private static final int[] PRIMES = IntStream.range(2, 100)
            .filter(n -> IntStream.range(2, n).noneMatch(divisor -> n % divisor == 0))
            .toArray();
    private static final int PRIME_STARTS = PRIMES.length - LONGEST;

    private static boolean isHeldOut(int start, int step) {
        return (start + 2 * step) % 5 == 0;
    }

    /** The first row of primes is told in the second phrasing alone, as every fourth; others the other way round. */
    private static boolean isHeldOutPrime(int phrasing, int first) {
        return first % 4 == 2 * phrasing;
    }

    @Override
    public String told(Draws draws) {
        int count = 5 + draws.below(LONGEST - 4);
        if (draws.below(3) == 0) {
            int first = draws.below(PRIME_STARTS);
            int phrasing = isHeldOutPrime(0, first) ? 1 : isHeldOutPrime(1, first) ? 0 : draws.below(2);
            return PRIME.get(phrasing) + " " + joined(primes(first, count)) + ".";
        }
        int step = 1 + draws.below(STEPS);
        int start = 1 + draws.below(STARTS);
        start = isHeldOut(start, step) ? start % STARTS + 1 : start;
        return before(draws.below(STEP.size()), step) + " " + joined(steps(start, step, count)) + ".";
    }

    private static String before(int phrasing, int step) {
        return STEP.get(phrasing).replace("{}", Integer.toString(step));
    }

    private static int[] primes(int first, int count) {
        return IntStream.range(first, first + count).map(i -> PRIMES[i]).toArray();
    }

    private static int[] steps(int start, int step, int count) {
        return IntStream.range(0, count).map(i -> start + i * step).toArray();
    }

    private static String joined(int... numbers) {
        return IntStream.of(numbers).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    }

    @Override
    public List<Choice> heldOut() {
        List<Choice> asked = new ArrayList<>();
        for (int step = 1; step <= STEPS; step++) {
            for (int start = 1; start <= STARTS; start++) {
                if (isHeldOut(start, step)) {
                    int count = 4 + (start + step) % 3;
                    asked.add(asked(KIND, before(start % 2, step), steps(start, step, count + 1), 1, asked.size()));
                }
            }
        }
        for (int phrasing = 0; phrasing < PRIME.size(); phrasing++) {
            for (int first = 0; first < PRIME_STARTS; first++) {
                for (int count = 4; isHeldOutPrime(phrasing, first) && count < LONGEST; count++) {
                    asked.add(asked(KIND, PRIME.get(phrasing), primes(first, count + 1), 2, asked.size()));
                }
            }
        }
        return asked;
    }

    /**
     * Asks for the last number of a row. As many times as not it is the smallest of the options, the largest, or between: to
     * take small or short numbers helps nobody.
     *
     * @param apart what lies between two options
     */
    private static Choice asked(String kind, String before, int[] row, int apart, int number) {
        int right = row[row.length - 1];
        int below = number % OPTIONS;
        List<String> wrong = IntStream.range(-below, OPTIONS - below)
                .filter(place -> place != 0)
                .mapToObj(place -> " " + (right + place * apart))
                .toList();
        int[] given = IntStream.of(row).limit(row.length - 1).toArray();
        return Subject.choice(kind, before + " " + joined(given) + ",", " " + right, wrong, "", number);
    }

    @Override
    public Choice slide() {
        return asked(Knowledge.LECTURE, PRIME.get(0), primes(0, 7), 2, 3);
    }
}
