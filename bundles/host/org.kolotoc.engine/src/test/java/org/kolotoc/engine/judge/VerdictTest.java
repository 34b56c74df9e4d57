package org.kolotoc.engine.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Measure;
import org.kolotoc.engine.experiment.Criterion;
import org.kolotoc.engine.experiment.Moment;
import org.kolotoc.engine.experiment.Timeline;

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

    private static final Timeline TIMELINE = new Timeline(List.of());

    /** The same at every step. */
    private static Evidence flat(double words, double copy) {
        return (metric, _) -> Optional.of(metric.equals("word-rate") ? words : copy);
    }

    private static Verdict.Outcome outcome(Evidence run, Evidence control) {
        return Verdict.of(CRITERIA, TIMELINE, run, Map.of("control", control)).outcome();
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
        Verdict verdict = Verdict.of(CRITERIA, TIMELINE, evidence(0.6, 20), Map.of("fake", evidence(0.7, 30)));
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
        Verdict verdict = Verdict.of(CRITERIA, TIMELINE, run, Map.of("replayed", copies));
        assertTrue(verdict.refused().get("replayed").orElseThrow().startsWith("longest-copy"), verdict.table());
        Verdict blind = Verdict.of(CRITERIA.subList(0, 2), TIMELINE, run, Map.of("replayed", copies));
        assertEquals(Verdict.Outcome.VOID, blind.outcome(), "criteria that a copy passes prove nothing");
    }

    @Test
    void whatNobodyMeasuredProvesNothingAboutControlsEither() {
        Verdict verdict =
                Verdict.of(CRITERIA, TIMELINE, (_, _) -> Optional.empty(), Map.of("fake", (_, _) -> Optional.empty()));
        assertTrue(verdict.table().contains("control «fake» is not judged: nothing was measured"), verdict.table());
        assertFalse(verdict.json()
                .getAsJsonArray("criteria")
                .get(0)
                .getAsJsonObject()
                .get("measured")
                .getAsBoolean());
    }

    /** Whatever the criteria are: of a collapsed model they may all hold. */
    @Test
    void aMeasureOfTheRunRaisesItsAlarm() {
        Measure distinct = Measure.evaluation("distinct", "", Measure.Better.HIGHER)
                .alarming(0.05, "collapsed: samples are copies of each other");
        Evidence collapsed = (_, _) -> Optional.of(0.05);
        Verdict verdict = Verdict.of(List.of(), TIMELINE, collapsed, Map.of()).with(List.of(distinct), collapsed);
        assertTrue(
                verdict.table().contains("collapsed: samples are copies of each other  distinct 0.0500"),
                verdict.table());
        assertEquals(
                "distinct",
                verdict.json()
                        .getAsJsonArray("alarms")
                        .get(0)
                        .getAsJsonObject()
                        .get("metric")
                        .getAsString());
        assertEquals(
                List.of(),
                verdict.with(List.of(distinct), (_, _) -> Optional.of(0.06)).alarms());
        assertEquals(
                List.of(),
                verdict.with(List.of(distinct), (_, _) -> Optional.empty()).alarms());
    }

    /** A control is not refused by what the run itself misses. */
    @Test
    void whatTheRunMissesRefusesNoControl() {
        Evidence run = (metric, step) ->
                step == 0 ? Optional.of(0.5) : evidence(0.6, 20).value(metric, step);
        Verdict verdict = Verdict.of(CRITERIA, TIMELINE, run, Map.of("itself", run));
        assertEquals(Verdict.Outcome.NOT_MET, verdict.outcome());
        assertEquals(Optional.empty(), verdict.refused().get("itself"));
    }

    @Test
    void aTrendIsStrictAndHoldsOverEveryEvaluation() {
        Criterion rising = new Criterion("word-rate", null, -1, -OPEN, OPEN, Criterion.Trend.RISING, null, null);
        assertEquals("word-rate rising", rising.text());
        assertEquals(Verdict.Outcome.MET, trend(rising, 0.0, 0.2, 0.3));
        assertEquals(Verdict.Outcome.NOT_MET, trend(rising, 0.0, 0.2, 0.2));
        assertEquals(Verdict.Outcome.NOT_MET, trend(rising, 0.3, 0.2, 0.4));
        assertEquals(Verdict.Outcome.NOT_MET, trend(rising, 0.3), "one value goes no way");
        Criterion falling = new Criterion("word-rate", null, -1, -OPEN, OPEN, Criterion.Trend.FALLING, null, null);
        assertEquals(Verdict.Outcome.MET, trend(falling, 0.3, 0.2, 0.1));
        assertEquals(Verdict.Outcome.NOT_MET, trend(falling, 0.3, 0.3));
    }

    /** Two measures are held against each other, of the run as of a control. */
    @Test
    void aDifferenceAndAQuotientAreOfTheSameEvidence() {
        Criterion.Reading before = new Criterion.Reading("before", null);
        Criterion difference = new Criterion("after", null, -1, 0.2, OPEN, Criterion.Trend.ANY, before, null);
        Criterion quotient = new Criterion("after", null, -1, -OPEN, 3, Criterion.Trend.ANY, null, before);
        assertEquals("0.2 <= after - before", difference.text());
        assertEquals("after / before <= 3", quotient.text());
        assertEquals(Verdict.Outcome.MET, related(difference, 0.5, 0.3));
        assertEquals(Verdict.Outcome.NOT_MET, related(difference, 0.5, 0.31));
        assertEquals(Verdict.Outcome.MET, related(quotient, 0.9, 0.3));
        assertEquals(Verdict.Outcome.NOT_MET, related(quotient, 0.91, 0.3));
        assertEquals(Verdict.Outcome.NOT_MET, related(quotient, 0.9, 0.0), "nothing can be divided by it");
        assertEquals(Verdict.Outcome.NOT_MET, related(difference, 0.5, null), "not measured");
        Criterion.Reading early = new Criterion.Reading("word-rate", Moment.of(0));
        Criterion learned = new Criterion("word-rate", null, -1, 0.5, OPEN, Criterion.Trend.ANY, early, null);
        Verdict verdict = Verdict.of(List.of(learned), TIMELINE, evidence(0.6, 20), Map.of("untrained", flat(0.6, 20)));
        assertEquals(Verdict.Outcome.MET, verdict.outcome(), verdict::table);
        assertEquals(
                "0.5 <= word-rate - word-rate at 0 (0.0000)",
                verdict.refused().get("untrained").orElseThrow());
    }

    /** Which measure it was, of a run and of what refuses a control. */
    @Test
    void whatDeniesAQuotientIsNamed() {
        Criterion.Reading early = new Criterion.Reading("word-rate", Moment.of(0));
        Criterion quotient = new Criterion("word-rate", null, -1, 0.5, OPEN, Criterion.Trend.ANY, null, early);
        String why = "word-rate is 0.6, and word-rate at 0 is 0";
        Verdict verdict = Verdict.of(
                List.of(quotient), TIMELINE, evidence(0.6, 20), Map.of("nothing", flat(0, 5), "same", flat(0.6, 5)));
        assertTrue(verdict.table().contains("no number: " + why), verdict.table());
        JsonObject found = verdict.json().getAsJsonArray("criteria").get(0).getAsJsonObject();
        assertTrue(found.get("value").isJsonNull());
        assertEquals(why, found.get("noNumber").getAsString());
        Verdict refusing = Verdict.of(List.of(quotient), TIMELINE, flat(0.6, 20), Map.of("nothing", flat(0, 5)));
        assertEquals(Verdict.Outcome.MET, refusing.outcome(), refusing::table);
        assertTrue(
                refusing.refused()
                        .get("nothing")
                        .orElseThrow()
                        .endsWith("(no number: word-rate is 0, and word-rate at 0 is 0)"),
                refusing.table());
        assertFalse(refusing.json()
                .getAsJsonArray("criteria")
                .get(0)
                .getAsJsonObject()
                .has("noNumber"));
        Evidence endless = (_, _) -> Optional.of(Double.POSITIVE_INFINITY);
        Criterion difference = new Criterion("after", null, -1, 0.2, OPEN, Criterion.Trend.ANY, early, null);
        assertTrue(
                Verdict.of(List.of(difference), TIMELINE, endless, Map.of())
                        .table()
                        .contains("no number: after is Infinity, and word-rate at 0 is Infinity"),
                "what grew beyond all numbers too");
    }

    private static Verdict.Outcome related(Criterion criterion, double after, Double before) {
        Evidence run = (metric, _) -> metric.equals("after") ? Optional.of(after) : Optional.ofNullable(before);
        return Verdict.of(List.of(criterion), TIMELINE, run, Map.of()).outcome();
    }

    private static Verdict.Outcome trend(Criterion criterion, Double... values) {
        Evidence evidence = new Evidence() {
            @Override
            public Optional<Double> value(String metric, long step) {
                return Optional.of(values[values.length - 1]);
            }

            @Override
            public List<Double> series(String metric) {
                return List.of(values);
            }
        };
        return Verdict.of(List.of(criterion), TIMELINE, evidence, Map.of()).outcome();
    }

    @Test
    void withoutCriteriaThereIsNoVerdict() {
        assertEquals(
                Verdict.Outcome.NONE,
                Verdict.of(List.of(), TIMELINE, flat(1, 1), Map.of()).outcome());
    }
}
