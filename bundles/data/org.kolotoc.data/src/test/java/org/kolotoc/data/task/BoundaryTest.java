package org.kolotoc.data.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.CounterRandom;

/**
 * Whether an input tells where it ends when nothing stands between it and its output. Whoever reads both, knows the task and how
 * inputs are drawn, and is asked at a symbol of the output only, holds each length that fits for as likely as its symbols are
 * few: nobody is right more often than who then says the likeliest symbol.
 */
class BoundaryTest {
    private static final int INPUTS = 600;
    private static final int SHORTEST = 3;
    private static final char STOP = '.';

    @Test
    void outputsOfManySymbolsTellIt() {
        assertTrue(best(Task.SORT, 20, 10) > 0.93);
        assertTrue(best(Task.COPY, 20, 10) > 0.93);
    }

    @Test
    void outputsOfTwoSymbolsDoNot() {
        assertEquals(0.46, best(Task.SORT, 2, 12), 0.06);
    }

    /** Share of inputs whose whole output the best guesser says. */
    private static double best(Task task, int symbols, int longest) {
        CounterRandom random = new CounterRandom(1, "boundary");
        int right = 0;
        for (long number = 0; number < INPUTS; number++) {
            String input = task.input(random, number, symbols, SHORTEST, longest);
            StringBuilder text = new StringBuilder(input);
            boolean all = true;
            for (char symbol : (task.output(input) + STOP).toCharArray()) {
                all &= likeliest(task, text.toString(), symbols, longest) == symbol;
                text.append(symbol);
            }
            right += all ? 1 : 0;
        }
        return right / (double) INPUTS;
    }

    private static char likeliest(Task task, String text, int symbols, int longest) {
        Map<Character, Double> weights = new TreeMap<>();
        for (int length = SHORTEST; length <= Math.min(longest, text.length()); length++) {
            String output = task.output(text.substring(0, length)) + STOP;
            String written = text.substring(length);
            if (written.length() < output.length() && output.startsWith(written)) {
                weights.merge(output.charAt(written.length()), Math.pow(symbols, -length), Double::sum);
            }
        }
        return weights.entrySet().stream()
                .max(Comparator.comparingDouble(Map.Entry::getValue))
                .orElseThrow()
                .getKey();
    }
}
