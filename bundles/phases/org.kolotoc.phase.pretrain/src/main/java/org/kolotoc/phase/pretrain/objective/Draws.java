package org.kolotoc.phase.pretrain.objective;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.kolotoc.tensor.CounterRandom;

/** The random numbers of one row after the other, a function of (seed, stream, row): whatever is beside a row, they are the same. */
public final class Draws {
    /** Numbers of a row: 2 to this power. */
    private static final int BITS = 24;

    private final CounterRandom random;
    private long next;

    public Draws(CounterRandom random) {
        this.random = random;
    }

    /** Goes to the first number of a row. */
    public void row(long number) {
        next = number << BITS;
    }

    /** Uniform in [0, 1). */
    public double uniform() {
        return random.uniform(next++);
    }

    /** Uniform in {@code [0, bound)}. */
    public int integer(int bound) {
        return random.integer(next++, bound);
    }

    /** A whole number with this mean: the one below or the one above. */
    public int rounded(double mean) {
        return (int) Math.floor(mean + uniform());
    }

    /** Of a Poisson distribution (Knuth 1969): for small means. */
    public int poisson(double mean) {
        double limit = StrictMath.exp(-mean);
        int count = -1;
        for (double product = 1; product > limit; count++) {
            product *= 1 - uniform();
        }
        return count;
    }

    /** So many different numbers of {@code [0, all)}, as they are drawn. */
    public int[] choose(int count, int all) {
        int[] numbers = IntStream.range(0, all).toArray();
        for (int i = 0; i < count; i++) {
            int other = i + integer(all - i);
            int number = numbers[i];
            numbers[i] = numbers[other];
            numbers[other] = number;
        }
        return Arrays.copyOf(numbers, count);
    }
}
