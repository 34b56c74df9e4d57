package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Seat;
import org.kolotoc.data.chat.QuestionsSource;
import org.kolotoc.engine.Engine;
import org.kolotoc.sampler.text.TranscriptsSampler;

/** Samples that need more than a checkpoint has: questions of the run's data, weights of a phase that has not ended. */
final class SampleLeftOutTest {
    @TempDir
    static Path temporary;

    private static Path run;
    private static FakeHost host;
    private static Engine engine;

    @BeforeAll
    static void train() throws Exception {
        host = FakeHost.standard()
                .plug(DataSource.class, Seat.DATA, "questions", new QuestionsSource())
                .plug(Sampler.class, Seat.SAMPLER, "transcripts", new TranscriptsSampler());
        engine = host.engine();
        Path file = Files.writeString(temporary.resolve("experiment.json"), """
            {"schema": "kolotoc.experiment/1", "backend": "reference",
             "data": {"text": {"id": "template-world", "characters": 2000}, "chats": {"id": "questions", "count": 40}},
             "tokenizer": {"id": "byte"},
             "model": {"id": "gpt", "layers": 1, "heads": 1, "width": 4, "context": 160},
             "phases": [
               {"id": "pretrain", "data": "text", "steps": 1, "batch": 2, "warmup": 1, "evaluationBatches": 1},
               {"id": "pretrain", "name": "finetune", "data": "chats", "steps": 1, "batch": 2, "warmup": 1,
                "evaluationBatches": 1}],
             "samples": [
               {"id": "transcripts", "data": "chats", "count": 1, "length": 4,
                "model": {"base": "model@pretrain", "sft": "model@finetune"}, "entrants": ["base", "sft"]},
               {"id": "text", "data": "text", "count": 1, "length": 7}],
             "keepCheckpoints": {"last": 5}}
            """);
        run = temporary.resolve("run");
        Printed printed = Printed.by(
                new RunCommand(engine, host.terminal(), () -> false),
                file.toString(),
                "--quiet",
                "--out",
                run.toString());
        assertEquals(0, printed.code(), printed.err());
    }

    private static Printed sample(String... more) {
        return Printed.by(
                new SampleCommand(engine, host.terminal()),
                Stream.concat(Stream.of(run.toString()), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void whatNeedsTheDataIsNamedAndTheRestIsDrawn() {
        Printed printed = sample();
        assertEquals(0, printed.code(), printed.err());
        assertTrue(printed.err().contains("left out: samples 'transcripts'"), printed.err());
        assertTrue(printed.err().contains("the data 'chats' of the run is not open here"), printed.err());
        assertFalse(printed.out().isBlank() || printed.out().contains("sft"), printed.out());
    }

    @Test
    void whatTheLineSaysIsSaidOfWhatIsDrawn() {
        Printed printed = sample("--count", "3", "--prompt", "Hello ", "--length", "2", "--decoder", "greedy");
        assertEquals(0, printed.code(), printed.err());
        assertEquals(3, printed.out().split("Hello ", -1).length - 1, printed.out());
        assertEquals(1, printed.err().split("left out: ", -1).length - 1, printed.err());
        assertEquals(3, sample("--count", "3").out().split("\n---\n", -1).length);
    }

    @Test
    void anExperimentWithoutSamplesWritesText() {
        Printed printed = sample("--set", "samples=[]", "--length", "3");
        assertEquals(0, printed.code(), printed.err());
        assertFalse(printed.out().isBlank());
    }

    @Test
    void whatOptionsSayIsNotShownAsAnotherOption() {
        Printed printed = sample("--sample", "text", "--length", "1000001");
        assertEquals(2, printed.code());
        assertTrue(
                printed.err().contains("experiment.json with the options of this command has a fault"), printed.err());
        Printed unknown = sample("--sample", "txet", "--prompt", "Hello");
        assertEquals(2, unknown.code());
        assertTrue(unknown.err().contains("the experiment has no samples 'txet'; did you mean 'text'?"), unknown.err());
    }

    @Test
    void whatIsNoDiffusionIsNotDrawnInStepsOfIt() {
        Printed printed = sample("--sample", "text", "--ddim-steps", "5");
        assertEquals(2, printed.code());
        assertTrue(
                printed.err().contains("--ddim-steps: samples 'text' are drawn by 'text', which is no diffusion"),
                printed.err());
    }

    @Test
    void whatWasAskedForIsNotLeftOut() {
        Printed printed = sample("--sample", "transcripts");
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("the data 'chats' of the run is not open here"), printed.err());
    }

    @Test
    void whereNothingElseIsThereItIsRefused() {
        Printed printed = sample("--set", "samples=[{\"id\": \"transcripts\", \"entrants\": [\"base\"]}]");
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("samples[0].questions: none is given"), printed.err());
    }

    @Test
    void withQuestionsOfTheirOwnAllAnswer() {
        Printed printed = sample("--sample", "transcripts", "--set", "samples.0.questions=[\"Who?\"]");
        assertEquals(0, printed.code(), printed.err());
        assertTrue(printed.out().contains("Who?") && printed.out().contains("sft"), printed.out());
        assertEquals("", printed.err());
    }

    /** Fresh weights under the name of those that a phase will leave would answer too. */
    @Test
    void weightsThatAreNotThereYetAnswerNothing() {
        String[] asked = {"--from", "1", "--set", "samples.0.questions=[\"Who?\"]"};
        Printed printed = sample(asked);
        assertEquals(0, printed.code(), printed.err());
        assertTrue(
                printed.err().contains("at step 1 there is no \"model@finetune\" yet; expected finetune:end or later"),
                printed.err());
        assertFalse(printed.out().contains("sft"), printed.out());
        assertEquals(2, sample("--from", "1", "--sample", "transcripts").code());
    }

    @Test
    void otherFaultsAreRefusedWhateverElseCanBeDrawn() {
        Printed printed =
                sample("--set", "samples.0.questions=[\"Who?\"]", "--set", "samples.0.template={\"stop\": \"\"}");
        assertEquals(2, printed.code(), printed.out());
        assertTrue(printed.err().contains("$.samples[0]"), printed.err());
    }
}
