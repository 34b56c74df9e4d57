package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.claim.Claim;
import org.kolotoc.api.claim.ClaimFamily;
import org.kolotoc.api.claim.Finding;
import org.kolotoc.api.claim.Finding.Verdict;
import org.kolotoc.api.claim.Trial;
import org.kolotoc.api.claim.Trial.Outcome;
import org.kolotoc.tensor.CounterRandom;

/**
 * What every kind of claim must do: turn round where the runs of both sides change places, find nothing where they are alike or
 * few, read what it says that it reads and nothing else.
 *
 * @param <S> the settings record
 */
public abstract class ClaimConformance<S extends Record> {
    /** Pairs of which a claim may be confirmed. */
    private static final int SEEDS = 8;

    /** How often chance is tried, and how often it may be taken for more: of intervals of 95 % in 5, of few pairs in some more. */
    private static final int LOTS = 100;

    private static final double WRONG = 0.12;

    private static final String A = "first";
    private static final String B = "second";

    protected abstract ClaimFamily<S> family();

    /** Settings of a claim that is good for a side. */
    protected abstract S settings(String favours);

    /** What a run of a side of which the claim is confirmed has, where the other has what is {@link #worse}. */
    protected abstract Outcome better(int seed);

    /** What a run of the other side has. */
    protected abstract Outcome worse(int seed);

    /** Settings that {@code create} must refuse. */
    protected Stream<Refused<S>> refused() {
        return Stream.empty();
    }

    private Claim claim(String favours) {
        return family().create(settings(favours));
    }

    private Finding found(List<Trial> trials) {
        return claim(A).judge(trials, B);
    }

    private static List<Trial> trials(IntFunction<Outcome> a, IntFunction<Outcome> b) {
        return IntStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> new Trial(seed, Map.of(A, a.apply(seed), B, b.apply(seed))))
                .toList();
    }

    private List<Trial> ahead() {
        return trials(this::better, this::worse);
    }

    private List<Trial> behind() {
        return trials(this::worse, this::better);
    }

    /** The same runs, with something done to what each evaluation measured. */
    private static List<Trial> measured(List<Trial> trials, UnaryOperator<Map<String, Double>> change) {
        return trials.stream()
                .map(trial -> new Trial(
                        trial.seed(),
                        Map.of(
                                A, measured(trial.runs().get(A), change),
                                B, measured(trial.runs().get(B), change))))
                .toList();
    }

    private static Outcome measured(Outcome run, UnaryOperator<Map<String, Double>> change) {
        return new Outcome(
                run.failed(),
                run.evaluations().stream()
                        .map(evaluation -> change.apply(new HashMap<>(evaluation)))
                        .toList());
    }

    @Test
    void settingsAreARecordOfTheFamily() {
        assertTrue(family().settings().isInstance(settings(A)));
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        refused().forEach(bad -> bad.check(() -> family().create(bad.settings())));
    }

    @Test
    void itIsGoodForTheSideThatItsSettingsName() {
        for (String side : List.of(A, B)) {
            assertEquals(side, claim(side).favours());
        }
    }

    @Test
    void itsTextNamesBothSides() {
        for (String other : List.of(B, "third")) {
            String text = claim(A).text(other);
            assertTrue(text.contains(A) && text.contains(other), text);
        }
    }

    @Test
    void itIsConfirmedAndRefutedWhereTheRunsChangePlaces() {
        Finding confirmed = found(ahead());
        Finding refuted = found(behind());
        assertEquals(Verdict.CONFIRMED, confirmed.verdict(), confirmed::toString);
        assertEquals(Verdict.REFUTED, refuted.verdict(), refuted::toString);
        assertEquals(confirmed.values().get(A), refuted.values().get(B), "what was compared changes places too");
        assertEquals(confirmed.values().get(B), refuted.values().get(A), "what was compared changes places too");
    }

    @Test
    void whatIsGoodForTheOtherSideIsRefutedBySuchRuns() {
        Finding finding = claim(B).judge(ahead(), A);
        assertEquals(Verdict.REFUTED, finding.verdict(), finding::toString);
    }

    @Test
    void whatConfirmsItIsAnIntervalBeyondWhatIsAsked() {
        Finding.Interval interval = found(ahead()).interval().orElseThrow();
        assertTrue(interval.low() > interval.asked(), interval::toString);
        assertTrue(interval.low() <= interval.estimate() && interval.estimate() <= interval.high(), interval::toString);
        assertFalse(interval.unit().isBlank(), "numbers without a unit");
    }

    @Test
    void whatWasComparedIsToldByTheirSeeds() {
        Map<String, List<Finding.Value>> values = found(ahead()).values();
        for (String side : List.of(A, B)) {
            assertEquals(
                    IntStream.rangeClosed(1, SEEDS).asLongStream().boxed().toList(),
                    values.get(side).stream().map(Finding.Value::seed).toList(),
                    side);
        }
    }

    @Test
    void equalRunsLeaveItOpen() {
        for (IntFunction<Outcome> both :
                List.<IntFunction<Outcome>>of(this::better, this::worse, _ -> better(1), _ -> worse(1))) {
            Finding finding = found(trials(both, both));
            assertEquals(Verdict.UNDECIDED, finding.verdict(), finding::toString);
        }
    }

    @Test
    void onePairLeavesItOpenAndSoDoesNone() {
        for (int count = 0; count <= 1; count++) {
            Finding finding = found(ahead().subList(0, count));
            assertEquals(Verdict.UNDECIDED, finding.verdict(), finding::toString);
            assertFalse(finding.reason().isBlank(), "it has to say why it is open");
        }
    }

    /** A lot decides for each seed which side has the better run. */
    @Test
    void chanceIsRarelyTakenForMore() {
        int wrong = 0;
        for (int i = 0; i < LOTS; i++) {
            CounterRandom lot = new CounterRandom(i, "lot");
            Finding finding = found(trials(
                    seed -> lot.uniform(seed) < 0.5 ? better(seed) : worse(seed),
                    seed -> lot.uniform(seed) < 0.5 ? worse(seed) : better(seed)));
            wrong += finding.verdict() == Verdict.UNDECIDED ? 0 : 1;
        }
        assertTrue(wrong <= WRONG * LOTS, wrong + " of " + LOTS + " drawn by lot were decided");
    }

    @Test
    void theSameRunsSayTheSameAgain() {
        Claim claim = claim(A);
        Finding first = claim.judge(ahead(), B);
        claim.judge(behind(), B);
        assertEquals(first, claim.judge(ahead(), B), "another finding when asked again");
        assertEquals(first, found(ahead()), "another finding of another claim of the same settings");
    }

    @Test
    void whatIsMeasuredBesideItsMeasuresChangesNothing() {
        List<String> read = claim(A).measures();
        Finding first = found(ahead());
        assertEquals(
                first,
                found(measured(ahead(), all -> {
                    all.keySet().retainAll(read);
                    return all;
                })),
                () -> "it reads more than " + read);
        assertEquals(
                first,
                found(measured(ahead(), all -> {
                    all.put("beside", all.size() * 1000.0);
                    return all;
                })),
                () -> "it reads more than " + read);
    }

    @Test
    void eachOfItsMeasuresIsNeeded() {
        for (String measure : claim(A).measures()) {
            assertNotEquals(
                    Verdict.CONFIRMED,
                    found(measured(ahead(), all -> {
                                all.remove(measure);
                                return all;
                            }))
                            .verdict(),
                    measure);
        }
    }

    /** As where a run diverged: it is known that it failed, and no quality. */
    @Test
    void whatIsNoNumberIsAsGoodAsMissing() {
        Map<String, Double> odd = new HashMap<>();
        claim(A).measures().forEach(measure -> odd.put(measure, Double.NaN));
        Outcome nothing = new Outcome(true, List.of());
        Outcome noNumber = new Outcome(true, List.of(odd));
        for (int missing = 0; missing <= SEEDS; missing++) {
            int first = missing;
            Finding without = found(trials(seed -> seed <= first ? nothing : better(seed), this::worse));
            Finding with = found(trials(seed -> seed <= first ? noNumber : better(seed), this::worse));
            assertEquals(without, with, "of " + missing + " runs");
            with.values().values().stream()
                    .flatMap(List::stream)
                    .forEach(value -> assertTrue(Double.isFinite(value.value()), with::toString));
        }
    }

    @Test
    void aRunWithoutItsMeasuresIsLeftOut() {
        assumeFalse(claim(A).measures().isEmpty(), "it reads no measure");
        Outcome nothing = new Outcome(true, List.of());
        Finding finding = found(trials(seed -> seed == 2 ? nothing : better(seed), this::worse));
        assertFalse(
                finding.values().get(A).stream().anyMatch(value -> value.seed() == 2),
                () -> "a value of a run that has none: " + finding.values());
        for (Finding open : List.of(
                found(trials(_ -> nothing, this::worse)),
                found(trials(this::better, _ -> nothing)),
                found(trials(_ -> nothing, _ -> nothing)))) {
            assertEquals(Verdict.UNDECIDED, open.verdict(), open::toString);
        }
    }
}
