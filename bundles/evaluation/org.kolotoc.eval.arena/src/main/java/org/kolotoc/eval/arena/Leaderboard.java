package org.kolotoc.eval.arena;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.kolotoc.eval.arena.file.ModelCards;
import org.kolotoc.eval.arena.rating.Battles;
import org.kolotoc.eval.arena.rating.Fit;
import org.kolotoc.eval.arena.rating.Intervals;

/**
 * All models, the strongest first.
 *
 * @param plain what was estimated of battles alone
 * @param styled what was estimated with style features beside, where there are some
 */
record Leaderboard(Battles battles, Estimate plain, Optional<Estimate> styled, List<Standing> standings) {

    /**
     * Strengths and how sure they are.
     *
     * @param intervals of strengths, then of worths of style, in logits
     * @param undetermined resamples that are left out; 0 where none were drawn
     */
    record Estimate(Fit fit, Intervals intervals, int undetermined) {
        /** How much wider the sandwich is than the intervals, in the mean over models that may be off at all. */
        double sandwichRatio() {
            Intervals sandwich = Intervals.sandwich(fit);
            return IntStream.range(0, fit.strengths().length)
                    .filter(model -> intervals.halfWidth(model) > 0)
                    .mapToDouble(model -> sandwich.halfWidth(model) / intervals.halfWidth(model))
                    .average()
                    .orElse(1);
        }
    }

    static Leaderboard of(Battles battles, Estimate plain, Optional<Estimate> styled, ModelCards cards) {
        int[] ranks = ranks(plain);
        Optional<int[]> styleRanks = styled.map(Leaderboard::ranks);
        int[] votes = battles.votes();
        double[] scores = plain.fit().scores();
        List<Standing> standings = IntStream.range(0, scores.length)
                .mapToObj(model -> {
                    String name = battles.models().get(model);
                    ModelCards.Card card = cards.of(name);
                    return new Standing(
                            ranks[model],
                            styleRanks.map(all -> OptionalInt.of(all[model])).orElse(OptionalInt.empty()),
                            name,
                            scores[model],
                            Fit.score(plain.intervals().lower()[model]),
                            Fit.score(plain.intervals().upper()[model]),
                            votes[model],
                            card.organization(),
                            card.license());
                })
                .sorted(Comparator.comparingDouble((Standing standing) -> -standing.score())
                        .thenComparing(Standing::model))
                .toList();
        return new Leaderboard(battles, plain, styled, standings);
    }

    private static int[] ranks(Estimate estimate) {
        return estimate.intervals().first(estimate.fit().strengths().length).ranks();
    }
}
