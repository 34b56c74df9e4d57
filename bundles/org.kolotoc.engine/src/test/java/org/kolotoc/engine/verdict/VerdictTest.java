package org.kolotoc.engine.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.kolotoc.engine.experiment.Criterion;

final class VerdictTest {
    private static final double OPEN = 1e300;

    private static final List<Criterion> CRITERIA = List.of(
            new Criterion("word-rate", 0, -OPEN, 0.02),
            new Criterion("word-rate", 100, 0.5, OPEN),
            new Criterion("longest-copy", -1, -OPEN, 60));

    /** Evidence of a run: word rate 0 at first, then what is given. */
    private static Evidence evidence(double words, double copy) {
        return (metric, step) -> switch (metric) {
            case "word-rate" -> Optional.of(step == 0 ? 0.0 : words);
            case "longest-copy" -> Optional.of(copy);
            default -> Optional.empty();
        };
    }

    /** The same at every step. */
    private static Evidence flat(double words, double copy) {
        return (metric, _) -> Optional.of(metric.equals("word-rate") ? words : copy);
    }

    private static Verdict.Outcome outcome(Evidence run, Evidence control) {
        return Verdict.of(CRITERIA, run, Map.of("control", control)).outcome();
    }

    @Test
    void metWhenTheRunHoldsAndTheControlDoesNot() {
        assertEquals(Verdict.Outcome.MET, outcome(evidence(0.6, 20), flat(1, 300)));
        assertEquals(Verdict.Outcome.MET, outcome(evidence(0.5, 60), flat(0, 5)), "bounds are inclusive");
    }

    @Test
    void notMetWhenOneCriterionFails() {
        assertEquals(Verdict.Outcome.NOT_MET, outcome(evidence(0.49, 20), flat(0, 5)));
        assertEquals(Verdict.Outcome.NOT_MET, outcome(evidence(0.6, 61), flat(0, 5)));
        assertEquals(Verdict.Outcome.NOT_MET, outcome(evidence(Double.NaN, 20), flat(0, 5)), "NaN keeps no bound");
        assertEquals(Verdict.Outcome.NOT_MET, outcome((_, _) -> Optional.empty(), flat(0, 5)), "not measured");
    }

    @Test
    void voidWhenAControlPasses() {
        assertEquals(Verdict.Outcome.VOID, outcome(evidence(0.6, 20), evidence(0.7, 30)));
        Verdict verdict = Verdict.of(CRITERIA, evidence(0.6, 20), Map.of("fake", evidence(0.7, 30)));
        assertTrue(verdict.table().contains("control «fake» passes all criteria"), verdict.table());
        assertEquals("void", verdict.json().get("verdict").getAsString());
        assertTrue(
                verdict.json().getAsJsonObject("controlsRefusedBy").get("fake").isJsonNull());
    }

    /** What the controls leave as it was must not hide that nothing refuses what they replace. */
    @Test
    void aControlNeedsACriterionThatSeesIt() {
        Evidence run = evidence(0.6, 20);
        Evidence copies =
                (metric, step) -> metric.equals("longest-copy") ? Optional.of(300.0) : run.value(metric, step);
        Verdict verdict = Verdict.of(CRITERIA, run, Map.of("replayed", copies));
        assertTrue(verdict.refused().get("replayed").orElseThrow().startsWith("longest-copy"), verdict.table());
        Verdict blind = Verdict.of(CRITERIA.subList(0, 2), run, Map.of("replayed", copies));
        assertEquals(Verdict.Outcome.VOID, blind.outcome(), "criteria that a copy passes prove nothing");
    }

    @Test
    void withoutCriteriaThereIsNoVerdict() {
        assertEquals(
                Verdict.Outcome.NONE,
                Verdict.of(List.of(), flat(1, 1), Map.of()).outcome());
    }
}
