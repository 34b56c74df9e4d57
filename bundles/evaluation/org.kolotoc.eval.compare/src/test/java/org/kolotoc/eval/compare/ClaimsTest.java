package org.kolotoc.eval.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.claim.Claim;
import org.kolotoc.api.claim.ClaimFamily;
import org.kolotoc.api.claim.Finding;
import org.kolotoc.api.claim.Finding.Verdict;
import org.kolotoc.api.claim.Trial;
import org.kolotoc.tck.ClaimConformance;
import org.kolotoc.tensor.CounterRandom;

/** What runs say of claims: each kind in the suite of its seat, and how many pairs, which margins and which operations count. */
class ClaimsTest {
    private static final String A = "a";
    private static final String B = "b";
    private static final int SEEDS = 5;

    /** {@code a} is better in all of it: costs a hundredth, has a lower loss that deviates less, never fails, learns sooner. */
    private static Trial.Outcome good(int seed) {
        double loss = 1 + 0.01 * seed;
        return new Trial.Outcome(
                false,
                List.of(
                        Map.of("loss", 1.5, "cost/flops", 100.0),
                        Map.of("loss", loss, "cost/flops", 200.0, "price", 3.0, "right", 0.9 + 0.001 * seed)));
    }

    private static Trial.Outcome bad(int seed) {
        double loss = 3 + (seed % 2 == 0 ? 1 : -1) * (1 + 0.1 * seed);
        return new Trial.Outcome(
                true,
                List.of(
                        Map.of("loss", 5.0, "cost/flops", 100.0),
                        Map.of("loss", loss + 1, "cost/flops", 200.0, "price", 300.0, "right", 0.2 + 0.001 * seed)));
    }

    private static List<Trial> trials(IntFunction<Trial.Outcome> a, IntFunction<Trial.Outcome> b) {
        return IntStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> new Trial(seed, Map.of(A, a.apply(seed), B, b.apply(seed))))
                .toList();
    }

    static Stream<Claim> claims() {
        return Stream.of(
                new DifferenceFamily.Asked(A, "loss", Better.LOWER, 0.1),
                new DifferenceFamily.Asked(A, "right", Better.HIGHER, 0),
                new RatioFamily.Asked(A, "price", Better.LOWER, 10),
                new FailuresFamily.Asked(A),
                new SpreadFamily.Asked(A, "loss", 0),
                new ReachFamily.Asked(A, "loss", 1.6, Better.LOWER, 1.5));
    }

    private static Verdict verdict(Claim claim, List<Trial> trials) {
        return claim.judge(trials, B).verdict();
    }

    /** What the suite of the seat tries of each kind. */
    private abstract static class Suite<S extends Record> extends ClaimConformance<S> {
        @Override
        protected Trial.Outcome better(int seed) {
            return good(seed);
        }

        @Override
        protected Trial.Outcome worse(int seed) {
            return bad(seed);
        }
    }

    @Nested
    class Difference extends Suite<DifferenceFamily.Asked> {
        @Override
        protected ClaimFamily<DifferenceFamily.Asked> family() {
            return new DifferenceFamily();
        }

        @Override
        protected DifferenceFamily.Asked settings(String favours) {
            return new DifferenceFamily.Asked(favours, "loss", Better.LOWER, 0.1);
        }
    }

    @Nested
    class Ratio extends Suite<RatioFamily.Asked> {
        @Override
        protected ClaimFamily<RatioFamily.Asked> family() {
            return new RatioFamily();
        }

        @Override
        protected RatioFamily.Asked settings(String favours) {
            return new RatioFamily.Asked(favours, "price", Better.LOWER, 10);
        }
    }

    @Nested
    class Failures extends Suite<FailuresFamily.Asked> {
        @Override
        protected ClaimFamily<FailuresFamily.Asked> family() {
            return new FailuresFamily();
        }

        @Override
        protected FailuresFamily.Asked settings(String favours) {
            return new FailuresFamily.Asked(favours);
        }
    }

    @Nested
    class Spread extends Suite<SpreadFamily.Asked> {
        @Override
        protected ClaimFamily<SpreadFamily.Asked> family() {
            return new SpreadFamily();
        }

        @Override
        protected SpreadFamily.Asked settings(String favours) {
            return new SpreadFamily.Asked(favours, "loss", 0);
        }
    }

    @Nested
    class Reach extends Suite<ReachFamily.Asked> {
        @Override
        protected ClaimFamily<ReachFamily.Asked> family() {
            return new ReachFamily();
        }

        @Override
        protected ReachFamily.Asked settings(String favours) {
            return new ReachFamily.Asked(favours, "loss", 1.6, Better.LOWER, 1.5);
        }
    }

    @ParameterizedTest
    @MethodSource("claims")
    void ofFewerThanFivePairsNothingFollows(Claim claim) {
        List<Trial> trials = trials(ClaimsTest::good, ClaimsTest::bad);
        for (int count = 0; count < SEEDS; count++) {
            Finding finding = claim.judge(trials.subList(0, count), B);
            assertEquals(Verdict.UNDECIDED, finding.verdict());
            assertTrue(finding.reason().contains(count + (count == 1 ? " pair" : " pairs")), finding.reason());
            assertFalse(finding.interval().isPresent());
        }
    }

    /** A direction that five pairs of equal sides have by chance is told in few of a hundred cases. */
    @ParameterizedTest
    @MethodSource("claims")
    void chanceIsRarelyTakenForMore(Claim claim) {
        int wrong = 0;
        int all = 100;
        for (int i = 0; i < all; i++) {
            CounterRandom random = new CounterRandom(i, "chance");
            List<Trial> trials = trials(seed -> drawn(random, 2 * seed), seed -> drawn(random, 2 * seed + 1));
            wrong += verdict(claim, trials) == Verdict.UNDECIDED ? 0 : 1;
        }
        assertTrue(wrong <= 0.1 * all, wrong + " of " + all);
    }

    private static Trial.Outcome drawn(CounterRandom random, int index) {
        double loss = 2 + 0.3 * random.normal(3L * index);
        double price = Math.exp(random.normal(3L * index + 1));
        return new Trial.Outcome(
                random.uniform(3L * index + 2) < 0.5,
                List.of(
                        Map.of("loss", loss, "cost/flops", 100.0),
                        Map.of("loss", loss, "cost/flops", 200.0, "price", price, "right", loss)));
    }

    @Test
    void aClaimFollowsWhatItsMeasureSaysOfItself() {
        List<Trial> trials = trials(ClaimsTest::good, ClaimsTest::bad);
        Map<String, Measure.Better> declared =
                Map.of("loss", Measure.Better.LOWER, "right", Measure.Better.HIGHER, "price", Measure.Better.NEITHER);
        for (Claim open : List.of(
                new DifferenceFamily.Asked(A, "right", null, 0),
                new RatioFamily.Asked(A, "right", null, 1),
                new ReachFamily.Asked(A, "right", 0.8, null, 1),
                new DifferenceFamily.Asked(A, "loss", null, 0),
                new RatioFamily.Asked(A, "price", Better.LOWER, 1))) {
            assertNotEquals(Verdict.REFUTED, verdict(open.directed(declared), trials), open::toString);
        }
        assertEquals(
                "right of a is higher than of b",
                new DifferenceFamily.Asked(A, "right", null, 0)
                        .directed(declared)
                        .text(B));
        Map<Claim, String> wrong = Map.of(
                new DifferenceFamily.Asked(A, "right", Better.LOWER, 0), "right says itself that higher is better",
                new ReachFamily.Asked(A, "loss", 1, Better.HIGHER, 1), "loss says itself that lower is better",
                new RatioFamily.Asked(A, "price", null, 1), "price does not say itself",
                new RatioFamily.Asked(A, "other", null, 1), "other does not say itself");
        wrong.forEach((claim, why) -> {
            InputError fault = assertThrows(InputError.class, () -> claim.directed(declared));
            assertEquals("better", fault.field());
            assertTrue(fault.getMessage().contains(why), fault.getMessage());
        });
    }

    @Test
    void whatIsClaimedDecidesAndNotWhoIsAhead() {
        List<Trial> trials = trials(ClaimsTest::good, ClaimsTest::bad);
        assertEquals(
                Verdict.UNDECIDED,
                verdict(new RatioFamily.Asked(A, "price", Better.LOWER, 101), trials),
                "a hundred times is not more than 101");
        assertEquals(
                Verdict.REFUTED,
                new RatioFamily.Asked(B, "price", Better.LOWER, 10)
                        .judge(trials, A)
                        .verdict());
        Finding finding = new RatioFamily.Asked(A, "price", Better.LOWER, 10).judge(trials, B);
        assertEquals(
                "100.0 [100.0, 100.0] times", finding.interval().orElseThrow().text());
        assertEquals(10, finding.interval().orElseThrow().asked(), 1e-9);
    }

    @Test
    void runsWithoutQualityAreLeftOutAndFailAllTheSame() {
        Trial.Outcome diverged = new Trial.Outcome(true, List.of());
        List<Trial> trials = trials(seed -> seed == 2 ? diverged : good(seed), ClaimsTest::good);
        Finding loss = new DifferenceFamily.Asked(A, "loss", Better.LOWER, 0).judge(trials, B);
        assertTrue(loss.reason().startsWith("4 pairs, 1 left out, of which a run diverged"), loss.reason());
        Finding failures = new FailuresFamily.Asked(B).judge(trials, A);
        assertEquals(0.2, failures.interval().orElseThrow().estimate(), 1e-12);
        Trial.Outcome odd = new Trial.Outcome(false, List.of(Map.of("loss", Double.NaN)));
        assertTrue(odd.last("loss").isEmpty());
        assertTrue(new Trial.Outcome(false, List.of(Map.of("loss", 1.0), Map.of("loss", Double.NaN)))
                .last("loss")
                .isEmpty());
    }

    @Test
    void whoNeverComesToAQualityCountsWithAllThatItSpent() {
        List<Trial> trials = trials(ClaimsTest::good, ClaimsTest::bad);
        Finding finding = new ReachFamily.Asked(A, "loss", 1.6, Better.LOWER, 1).judge(trials, B);
        assertEquals(
                Collections.nCopies(SEEDS, 100.0),
                finding.values().get(A).stream().map(Finding.Value::value).toList());
        assertEquals(
                Collections.nCopies(SEEDS, 200.0),
                finding.values().get(B).stream().map(Finding.Value::value).toList());
        assertTrue(finding.reason().endsWith("never came to it: 0 of a, 5 of b"), finding.reason());
    }

    @Test
    void whereNeitherCameToAQualityNothingFollows() {
        // Neither does, though one spent a tenth.
        Claim claim = new ReachFamily.Asked(A, "loss", 0.5, Better.LOWER, 1);
        Finding neither = claim.judge(trials(seed -> spent(2, 10), seed -> spent(2, 100)), B);
        assertEquals(Verdict.UNDECIDED, neither.verdict(), neither::toString);
        assertEquals(
                "0 pairs: of fewer than 5 all agree by chance too often; never came to it: 5 of a, 5 of b; left out 5"
                        + " more, in which neither did, so that nothing follows",
                neither.reason());
        // In two pairs of seven alone: five decide.
        List<Trial> some = IntStream.rangeClosed(1, 7)
                .mapToObj(seed -> new Trial(seed, Map.of(A, spent(seed <= 2 ? 2 : 0.4, 10), B, spent(2, 100))))
                .toList();
        Finding five = claim.judge(some, B);
        assertEquals(Verdict.CONFIRMED, five.verdict(), five::toString);
        assertTrue(five.reason().startsWith("5 pairs; never came to it: 2 of a, 7 of b; left out 2"), five.reason());
    }

    @Test
    void aRunThatWasNeverMeasuredDidNotMissAQuality() {
        Trial.Outcome unmeasured = new Trial.Outcome(false, List.of(Map.of("cost/flops", 100.0)));
        Finding finding = new ReachFamily.Asked(A, "loss", 1, Better.LOWER, 1)
                .judge(trials(seed -> spent(0.4, 10), seed -> unmeasured), B);
        assertEquals(Verdict.UNDECIDED, finding.verdict(), finding::toString);
        assertTrue(finding.reason().startsWith("0 pairs, 5 left out"), finding.reason());
        assertTrue(finding.reason().endsWith("never came to it: 0 of a, 0 of b"), finding.reason());
    }

    private static Trial.Outcome spent(double loss, double operations) {
        return new Trial.Outcome(false, List.of(Map.of("loss", loss, "cost/flops", operations)));
    }
}
