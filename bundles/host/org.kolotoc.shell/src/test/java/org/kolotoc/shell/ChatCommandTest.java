package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.DecoderFamily;
import org.kolotoc.data.chat.QuestionsSource;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.command.LineInput;
import org.kolotoc.engine.open.Options;
import org.kolotoc.phase.pretrain.Pretrain;
import org.kolotoc.sampler.text.ChatSampler;
import org.kolotoc.text.BeamDecoder;

/** People who talk to a tiny model: one that learned questions in two phases, and one that did not. */
final class ChatCommandTest {
    private static final String ASKED = """
        {"schema": "kolotoc.experiment/1", "backend": "reference",
         "data": {"text": {"id": "template-world", "characters": 2000},
                  "chats": {"id": "questions", "count": 40, "template": {"question": "?", "answer": ":", "stop": "\\n"}}},
         "tokenizer": {"id": "byte"},
         "models": {"policy": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 160},
                    "other": {"id": "gpt", "layers": 1, "heads": 1, "width": 4, "context": 160}},
         "phases": [
           {"id": "pretrain", "data": "text", "models": "policy", "steps": 2, "batch": 2, "learningRate": 0.1,
            "warmup": 1, "evaluationBatches": 1},
           {"id": "pretrain", "name": "finetune", "data": "chats", "models": "policy", "steps": 2, "batch": 2,
            "learningRate": 0.3, "warmup": 1, "evaluationBatches": 1}]}
        """;

    @TempDir
    static Path temporary;

    private static Path asked;
    private static Path plain;
    private static FakeHost host;
    private static Engine engine;

    @BeforeAll
    static void train() throws Exception {
        host = FakeHost.standard()
                .plug(DataSource.class, Seat.DATA, "questions", new QuestionsSource())
                .plug(Sampler.class, Seat.SAMPLER, "chat", new ChatSampler())
                .plug(DecoderFamily.class, Seat.DECODER, "beam", new BeamDecoder())
                // Under the name by which a phase that judges is known.
                .plug(Phase.class, Seat.PHASE, "reward", new Pretrain());
        engine = host.engine();
        asked = train("asked", ASKED);
        plain = train("plain", """
            {"schema": "kolotoc.experiment/1", "backend": "reference",
             "data": {"id": "template-world", "characters": 2000}, "tokenizer": {"id": "byte"},
             "model": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 64},
             "phases": [{"id": "pretrain", "steps": 1, "batch": 2, "warmup": 1, "evaluationBatches": 1}],
             "samples": {"id": "text"}, "metrics": [{"id": "word-rate", "samples": "text"}]}
            """);
    }

    private static Path train(String name, String experiment) throws Exception {
        Path file = Files.writeString(temporary.resolve(name + ".json"), experiment);
        Path run = temporary.resolve(name);
        Printed printed = Printed.by(
                new RunCommand(engine, host.terminal(), () -> false),
                file.toString(),
                "--quiet",
                "--out",
                run.toString());
        assertEquals(0, printed.code(), printed.err());
        return run;
    }

    private static Printed chat(Path run, AtomicBoolean stop, String lines, String... more) {
        return chat(
                run,
                stop,
                lines,
                Stream.concat(Stream.of("--quiet"), Arrays.stream(more)).toList());
    }

    private static Printed chat(Path run, AtomicBoolean stop, String lines, List<String> options) {
        return chat(run, stop::get, () -> stop.set(false), lines, options);
    }

    private static Printed chat(Path run, BooleanSupplier stop, Runnable forget, String lines, List<String> options) {
        return chat(run, stop, forget, lines.getBytes(StandardCharsets.UTF_8), options);
    }

    private static Printed chat(Path run, BooleanSupplier stop, Runnable forget, byte[] lines, List<String> options) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(lines));
        try {
            return Printed.by(
                    new ChatCommand(engine, host.terminal(), stop, forget),
                    Stream.concat(Stream.of(run.toString()), options.stream()).toArray(String[]::new));
        } finally {
            System.setIn(before);
        }
    }

    private static List<JsonObject> answers(Path run, String lines, String... more) {
        Printed printed = chat(
                run,
                new AtomicBoolean(),
                lines,
                Stream.concat(Stream.of("--json"), Arrays.stream(more)).toArray(String[]::new));
        assertEquals(0, printed.code(), printed.err());
        return printed.out()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    private static String text(JsonObject answer) {
        return answer.get("answer").getAsString();
    }

    @Test
    void anAnswerIsALineAndTheSameAgain() {
        Printed printed = chat(asked, new AtomicBoolean(), "Where does Bela live?\n\nWho?\n", "--length", "9");
        assertEquals(0, printed.code(), printed.err());
        assertEquals(2, printed.out().lines().count(), printed.out());
        assertEquals("", printed.err());
        assertEquals(
                printed.out(),
                chat(asked, new AtomicBoolean(), "Where does Bela live?\nWho?\n/exit\nWho?\n", "--length", "9")
                        .out());
    }

    /** No greeting can be the same by the weights of several phases. */
    @Test
    void thePhasesAnswerTheSameQuestionDifferently() {
        List<JsonObject> all =
                answers(asked, "Who?\n/base\n/clear\nWho?\n/finetune\n/clear\nWho?\n/newest\n", "--length", "12");
        assertEquals(
                List.of(4, 2, 4),
                all.stream().map(one -> one.get("step").getAsInt()).toList());
        assertNotEquals(text(all.get(0)), text(all.get(1)));
        assertEquals(text(all.get(0)), text(all.get(2)), "the weights alone differ");
    }

    @Test
    void anotherAnswerToTheSameQuestion() {
        List<JsonObject> all = answers(asked, "Who?\n/again\n", "--length", "12");
        assertEquals("Who?", all.get(1).get("question").getAsString());
        assertNotEquals(text(all.get(0)), text(all.get(1)));
    }

    /**
     * What somebody who types sees.
     *
     * @param stopped Ctrl-C comes within the answer to this line, counted from 1; 0 for never
     */
    private static List<String> typed(int stopped, String lines) {
        AtomicInteger heard = new AtomicInteger();
        Printed printed = Printed.by(_ -> {
            // A stop is forgotten before each line, and once more where it came.
            try (Conversation conversation = new Conversation(
                    step -> engine.talk(
                            asked,
                            Options.none().from(step),
                            "chat",
                            file -> file.set("samples.length=6"),
                            host.terminal().client(true)),
                    host.terminal(),
                    1,
                    false,
                    () -> heard.get() == stopped,
                    heard::incrementAndGet)) {
                return conversation.hold(
                        new LineInput(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8))), true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertEquals(0, printed.code(), printed.err());
        return List.of(printed.out().split("> ", -1));
    }

    @Test
    void anAnswerThatWasStoppedIsGivenAgainAndWhatWasSaidBeforeStays() {
        List<String> whole = typed(0, "Who?\nWhat?\n/again\n");
        List<String> stopped = typed(2, "Who?\nWhat?\n/again\n");
        assertEquals(whole.get(1), stopped.get(1));
        assertNotEquals(whole.get(2), stopped.get(2), "nothing was stopped");
        assertEquals(whole.get(3), stopped.get(3));
    }

    @Test
    void whatWasSaidBeforeIsReadWhereItIsWanted() {
        String lines = "Where is the house of Bela?\nWho?\n";
        String other = answers(asked, "What?\nWho?\n", "--length", "40").get(1).toString();
        String alone = answers(asked, lines, "--length", "40").get(1).toString();
        assertEquals(other, alone, "a question stands alone");
        assertNotEquals(
                alone,
                answers(asked, lines, "--length", "40", "--history", "all")
                        .get(1)
                        .toString());
        assertNotEquals(
                alone,
                answers(asked, "/history 1\n" + lines, "--length", "40").get(1).toString());
    }

    @Test
    void whatNoLongerFitsIsToldOnce() {
        String question = "Where does Bela live, and who lives there too?\n";
        Printed printed = chat(asked, new AtomicBoolean(), question.repeat(5), "--history", "all", "--length", "10");
        assertEquals(0, printed.code(), printed.err());
        assertEquals(1, printed.err().lines().count(), printed.err());
        assertTrue(printed.err().contains("the model's context is full"), printed.err());
        Printed cut = chat(asked, new AtomicBoolean(), (question.strip() + " ").repeat(5) + "\n", "--length", "10");
        assertTrue(cut.err().contains("(line 1: the question is longer"), cut.err());
        assertTrue(cut.err().contains("tokens of it are cut"), cut.err());
    }

    @Test
    void aNumberIsOneOfTheQuestionsToBeginWith() {
        List<JsonObject> all = answers(asked, "1\n4\n5\n", "--length", "3");
        assertEquals(
                List.of("Nápady na knihu", "Reklamní slogan", "5"),
                all.stream().map(one -> one.get("question").getAsString()).toList());
        assertEquals(
                "Why?",
                answers(asked, "2\n", "--starter", "Who?", "--starter", "Why?")
                        .getFirst()
                        .get("question")
                        .getAsString());
    }

    @Test
    void aRunWithoutQuestionsGoesOnFromWhatIsTyped() {
        Printed printed = chat(plain, new AtomicBoolean(), "Anna \n", "--length", "5");
        assertEquals(0, printed.code(), printed.err());
        assertTrue(printed.err().contains("this run learned from no questions and answers"), printed.err());
        assertEquals(1, printed.out().lines().count());
    }

    /** The usual questions are Czech, of which a tokenizer that knows English letters alone can write none. */
    @Test
    void whoCanWriteNoQuestionToBeginWithIsTalkedToAllTheSame() throws Exception {
        Path letters = train("letters", """
            {"schema": "kolotoc.experiment/1", "backend": "reference",
             "data": {"id": "template-world", "characters": 2000}, "tokenizer": {"id": "char"},
             "model": {"id": "gpt", "layers": 1, "heads": 1, "width": 4, "context": 16},
             "phases": [{"id": "pretrain", "steps": 1, "batch": 2, "warmup": 1, "evaluationBatches": 1}]}
            """);
        Printed printed = chat(letters, new AtomicBoolean(), "Ann\nčau\nAnn\n", "--length", "3");
        assertEquals(2, printed.code(), "of the second line: " + printed.err());
        List<String> lines = printed.out().lines().toList();
        assertEquals(3, lines.size(), "a line for each question: " + printed.out());
        assertTrue(lines.get(1).startsWith("(line 2 is not answered: "), lines.get(1));
        assertTrue(lines.get(1).contains("character 'č'"), lines.get(1));
        assertTrue(printed.err().contains("line 2: "), printed.err());
        assertTrue(printed.err().contains("character 'č'"), printed.err());
        Printed json = chat(letters, new AtomicBoolean(), "Ann\n\nčau\n/again\nAnn\n", "--length", "3", "--json");
        assertEquals(2, json.code(), json.err());
        List<JsonObject> all = json.out()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
        assertEquals(4, all.size(), json.out());
        for (int i = 1; i < 3; i++) {
            assertEquals(i + 2, all.get(i).get("line").getAsInt());
            assertEquals("čau", all.get(i).get("question").getAsString());
            assertTrue(all.get(i).get("error").getAsString().contains("character 'č'"), json.out());
        }
        assertTrue(all.get(3).has("answer"), json.out());
    }

    @Test
    void aLineThatIsNoTextIsNamedAndTheRestGoesOn() {
        byte[] lines = {'W', 'h', 'o', '?', '\n', 'a', (byte) 0xFF, '\n', 'W', 'h', 'o', '?', '\n'};
        Printed printed = chat(plain, () -> false, () -> {}, lines, List.of("--length", "2"));
        assertEquals(2, printed.code());
        assertEquals(3, printed.out().lines().count());
        assertTrue(
                printed.out().lines().toList().get(1).startsWith("(line 2 is not answered: the line is no UTF-8"),
                printed.out());
        assertTrue(printed.err().contains("line 2: the line is no UTF-8: column 2 has the byte 0xFF"), printed.err());
    }

    @Test
    void whatIsNotUnderstoodIsNamedAndTheRestGoesOn() {
        Printed printed = chat(asked, new AtomicBoolean(), "/finetun\n/history x\n/again\nWho?\n", "--length", "5");
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("there is no /finetun; did you mean 'finetune'?"), printed.err());
        assertTrue(printed.err().contains("a history of 'x'; expected all"), printed.err());
        assertTrue(printed.err().contains("nothing was asked yet"), printed.err());
        Printed history = chat(asked, new AtomicBoolean(), "/history\n");
        assertTrue(history.err().contains("a history of ''; expected all"), history.err());
        assertEquals(2, printed.out().lines().count(), "of /again and of the question");
        assertTrue(printed.out().startsWith("(line 3 is not answered: nothing was asked yet)"), printed.out());
    }

    @Test
    void whoeverStopsItInAPipeMeansAll() {
        Printed printed = chat(asked, new AtomicBoolean(true), "Who?\nWho?\n");
        assertEquals(130, printed.code());
        assertEquals("", printed.out().strip());
    }

    /** The phase that writes comes before one that judges, and after one whose model is another's beginning. */
    @Test
    void theModelIsThatOfTheLastPhaseThatWrites() throws Exception {
        Path several = train("several", """
            {"schema": "kolotoc.experiment/1", "backend": "reference",
             "data": {"text": {"id": "template-world", "characters": 2000}, "chats": {"id": "questions", "count": 40}},
             "tokenizer": {"id": "byte"},
             "models": {"blank": {"id": "gpt", "layers": 1, "heads": 1, "width": 4, "context": 160},
                        "policy": {"id": "gpt", "layers": 1, "heads": 1, "width": 4, "context": 160},
                        "judge": {"id": "gpt", "layers": 1, "heads": 1, "width": 4, "context": 160}},
             "phases": [
               {"id": "pretrain", "name": "unread", "data": "chats", "models": "blank", "steps": 1, "batch": 2, "warmup": 1,
                "evaluationBatches": 1},
               {"id": "pretrain", "name": "finetune", "data": "chats", "models": "policy", "steps": 1, "batch": 2,
                "warmup": 1, "evaluationBatches": 1},
               {"id": "reward", "data": "chats", "models": {"model": "judge"}, "steps": 1, "batch": 2,
                "warmup": 1, "evaluationBatches": 1}]}
            """);
        Printed printed = chat(several, new AtomicBoolean(), "", List.of("--length", "2"));
        assertTrue(printed.err().contains("the model is 'policy'; --model names another"), printed.err());
    }

    /** A conversation chooses weights itself, whatever the experiment's own sampler says. */
    @Test
    void weightsOfAPhaseAreNotHeldFastByTheExperiment() throws Exception {
        String sampler = ", \"samples\": {\"id\": \"chat\", \"count\": 1, \"model\": \"policy@finetune\"}";
        Path held = train("held", ASKED.stripTrailing().replaceFirst("}$", sampler + "}"));
        List<JsonObject> all = answers(held, "Who?\n/base\n/clear\nWho?\n", "--length", "12");
        assertEquals(2, all.get(1).get("step").getAsInt());
        assertEquals(text(answers(asked, "/base\nWho?\n", "--length", "12").getFirst()), text(all.get(1)));
    }

    @Test
    void aPhaseThatIsStillToComeIsSaid() throws Exception {
        Path begun = train("begun", ASKED);
        try (Stream<Path> files = Files.walk(begun.resolve("checkpoints/step-00000004"))) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
        Printed printed = chat(begun, new AtomicBoolean(), "/finetune\n");
        assertTrue(printed.err().contains("the run has not come to the end of finetune, step 4"), printed.err());
        assertTrue(printed.err().contains("run --resume"), printed.err());
    }

    /** A beam shows nothing before its end; whoever stops it is heard all the same, token by token. */
    @Test
    void aSearchIsStoppedToo() {
        AtomicInteger asks = new AtomicInteger();
        Printed printed = chat(
                asked,
                () -> asks.incrementAndGet() == 3,
                () -> {},
                "Who?\n",
                List.of("--quiet", "--beam", "2", "--length", "9"));
        assertEquals(130, printed.code(), printed.err());
        assertEquals("", printed.out().strip());
    }

    @Test
    void badOptionsAreNamed() {
        assertTrue(
                chat(asked, new AtomicBoolean(), "", "--model", "rewrd").err().contains("rewrd"));
        assertTrue(chat(asked, new AtomicBoolean(), "", "--top-p", "x").err().contains("--top-p x"));
        assertEquals(2, chat(temporary, new AtomicBoolean(), "Who?\n").code());
    }
}
