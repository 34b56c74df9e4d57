package org.kolotoc.data.chat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.data.world.Interview;
import org.kolotoc.tensor.CounterRandom;

/** Somebody who compares two answers at a time, and errs at a given rate. */
final class Annotator {
    private Annotator() {}

    /** Which comparisons come out the wrong way round: exactly the share, anywhere among all. */
    static boolean[] wrong(int comparisons, double share, CounterRandom random) {
        boolean[] wrong = new boolean[comparisons];
        Interview.shuffled(IntStream.range(0, comparisons).boxed().toList(), random)
                .subList(0, (int) Math.round(share * comparisons))
                .forEach(each -> wrong[each] = true);
        return wrong;
    }

    /**
     * By how often each answer wins its comparisons; ties as they are.
     *
     * @param best the better ones first
     * @param wrong of each pair
     */
    static Ranking ordered(Judge judge, String question, List<String> best, boolean[] wrong) {
        int[] wins = new int[best.size()];
        int pair = 0;
        for (int better = 0; better < wins.length; better++) {
            for (int worse = better + 1; worse < wins.length; worse++) {
                wins[wrong[pair++] ? worse : better]++;
            }
        }
        List<String> order = IntStream.range(0, wins.length)
                .boxed()
                .sorted(Comparator.comparing(i -> -wins[i]))
                .map(best::get)
                .toList();
        double[] qualities = order.stream()
                .mapToDouble(answer -> judge.quality(new Exchange(question, answer)))
                .toArray();
        return new Ranking(question, order, Arrays.stream(qualities).boxed().toList());
    }
}
