package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Criteria that can't be judged are refused before a step is taken; those that can are not. */
final class CriteriaInputTest {
    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
    }

    private Console.Answer judged(String criteria) {
        return console.small("judged", "--quiet", "--set", "controls=false", "--set", "criteria=" + criteria);
    }

    private void refused(String criteria, String... wanted) {
        Console.Answer answer = judged(criteria);
        assertEquals(2, answer.code(), answer.out() + answer.err());
        for (String part : wanted) {
            assertTrue(answer.err().contains(part), "expected «" + part + "» in\n" + answer.err());
        }
        assertFalse(Files.exists(console.out("judged")), "a run folder was made");
    }

    @Test
    void aMeasureThatIsNearlyAKnownOne() {
        refused("[{\"metric\": \"word-rat\", \"min\": 0.5}]", "$.criteria[0].metric", "did you mean 'word-rate'?");
        refused("[{\"metric\": \"loss/validatoin\", \"max\": 2}]", "did you mean 'loss/validation'?");
    }

    @Test
    void aMetricThatTheExperimentDoesNotAskFor() {
        refused("[{\"metric\": \"distinct-words\", \"min\": 0.5}]", "add {\"id\": \"distinct-words\"} to \"metrics\"");
    }

    @Test
    void aStepAfterWhichItIsNotMeasured() {
        refused(
                "[{\"metric\": \"loss/validation\", \"step\": 3, \"max\": 9}]",
                "$.criteria[0].step",
                "[0, 4, 10, 12]",
                "add 3 to \"evaluateAt\"");
        refused("[{\"metric\": \"word-rate\", \"step\": 10, \"min\": 0}]", "[0, 4, 12]", "add 10 to \"samples.at\"");
    }

    @Test
    void boundsThatNothingOrEverythingKeeps() {
        refused("[{\"metric\": \"loss/validation\", \"min\": 3, \"max\": 2}]", "nothing keeps both");
        refused("[{\"metric\": \"loss/validation\"}]", "everything would keep it");
    }

    @Test
    void whatAnotherMeasureIsHeldAgainstIsMeasuredToo() {
        String first = "[{\"metric\": \"loss/validation\", \"max\": 9, ";
        refused(
                first + "\"minus\": {\"metric\": \"loss/validatoin\"}}]",
                "$.criteria[0].minus.metric",
                "did you mean 'loss/validation'?");
        refused(
                first + "\"over\": {\"metric\": \"loss/validation\", \"at\": 3}}]",
                "$.criteria[0].over.at",
                "add 3 to \"evaluateAt\"");
        refused(
                first + "\"over\": {\"metric\": \"loss/validation\", \"at\": \"pretrian:end\"}}]",
                "$.criteria[0].over.at",
                "did you mean 'pretrain'?");
        refused(
                first + "\"over\": {\"metric\": \"loss/validation\"}, \"minus\": {\"metric\": \"loss/validation\"}}]",
                "has both \"minus\" and \"over\"");
        refused(
                "[{\"metric\": \"loss/validation\", \"trend\": \"falling\", \"over\": {\"metric\":"
                        + " \"loss/validation\"}}]",
                "relates two measures and has neither min nor max");
        Console.Answer answer =
                judged(first.replace("9", "0") + "\"minus\": {\"metric\": \"loss/validation\", \"at\": 0}}]");
        assertEquals(0, answer.code(), answer.out() + answer.err());
        assertTrue(answer.out().contains("loss/validation - loss/validation at 0 <= 0"), answer.out());
    }

    @Test
    void lossOnWhatIsLearned() {
        refused("[{\"metric\": \"loss/train\", \"max\": 2}]", "proves nothing", "loss/validation");
    }

    @Test
    void allFaultsAtOnce() {
        refused(
                "[{\"metric\": \"word-rat\", \"min\": 0}, {\"metric\": \"loss/validation\", \"step\": 3, \"max\": 9}]",
                "2 faults",
                "$.criteria[0]",
                "$.criteria[1]");
    }

    @Test
    void whatIsMeasuredIsJudged() {
        Console.Answer answer =
                judged("[{\"metric\": \"loss/validation\", \"step\": 4, \"max\": 99}, {\"metric\": \"word-rate/words\","
                        + " \"min\": 0}, {\"metric\": \"loss/validation\", \"step\": 12, \"max\": 99}]");
        assertEquals(0, answer.code(), answer.out() + answer.err());
    }

    @Test
    void aStepBehindAShorterRunIsNotMetRatherThanRefused() {
        Console.Answer answer = judged("[{\"metric\": \"loss/validation\", \"step\": 500, \"max\": 99}]");
        assertEquals(1, answer.code(), answer.out() + answer.err());
    }

    @Test
    void aFileOfCriteriaIsTakenIn() throws IOException {
        criteria("{\"schema\": \"kolotoc.criteria/1\", \"criteria\": [{\"metric\": \"loss/validation\", \"max\":"
                + " 0.001}]}");
        Console.Answer answer = judged("shared.json");
        assertEquals(1, answer.code(), answer.out() + answer.err());
        String resolved = Files.readString(console.out("judged").resolve("experiment.json"));
        assertTrue(resolved.contains("0.001"), "the run folder has to stand alone: " + resolved);
    }

    @Test
    void faultsOfThatFileNameIt() throws IOException {
        criteria(
                "{\"schema\": \"kolotoc.criteria/2\", \"criteria\": [{\"metrik\": \"word-rate\", \"max\": \"high\"}]}");
        refused(
                "shared.json",
                "shared.json has 4 faults",
                "$.criteria[0].metrik",
                "did you mean 'metric'?",
                "$.criteria[0].max",
                "kolotoc.criteria/1");
    }

    @Test
    void aMissingFileOfCriteria() {
        refused("shared.json", "the criteria file", "shared.json", "there is no such file");
    }

    private void criteria(String json) throws IOException {
        Files.writeString(folder.resolve("shared.json"), json);
    }
}
