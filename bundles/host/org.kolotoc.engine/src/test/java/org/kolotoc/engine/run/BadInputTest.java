package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.Seat;
import org.kolotoc.model.gpt.GptFamily;

/** Whatever a person gets wrong: one message that says what, where and what next; exit code 2; nothing half-written. */
final class BadInputTest {
    private static final String STATE = "state.safetensors";

    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
    }

    /** The message holds all of these, the code is 2, there is no stack trace and no run folder. */
    private void refused(Console.Answer answer, String... wanted) {
        complained(answer, wanted);
        assertFalse(Files.exists(console.out("bad")), "a run folder was made");
    }

    private static void complained(Console.Answer answer, String... wanted) {
        assertEquals(2, answer.code(), answer.out() + answer.err());
        for (String part : wanted) {
            assertTrue(answer.err().contains(part), "expected «" + part + "» in\n" + answer.err());
        }
        assertTrue(answer.err().startsWith("kolotoc: "), answer.err());
        assertFalse(answer.err().contains("\tat "), "a stack trace:\n" + answer.err());
        assertFalse(answer.err().contains("Exception"), "a class name instead of words:\n" + answer.err());
    }

    private Console.Answer with(String part, String instead) throws IOException {
        assertTrue(Console.SMALL.contains(part), part);
        console.write(Console.SMALL.replace(part, instead));
        return console.small("bad");
    }

    @Test
    void unknownField() throws IOException {
        refused(
                with("\"steps\": 12", "\"setps\": 12"),
                "small.json",
                "$.phases[0].setps",
                "$.phases[0].steps: is missing",
                "did you mean 'steps'?",
                "do: ");
        refused(with("\"seed\"", "\"sede\""), "$.sede", "did you mean 'seed'?");
        refused(with("\"count\": 2", "\"counts\": 2"), "$.samples.counts", "did you mean 'count'?");
    }

    @Test
    void wrongType() throws IOException {
        refused(with("\"steps\": 12", "\"steps\": \"many\""), "$.phases[0].steps", "\"many\"", "a whole number");
        refused(with("\"steps\": 12", "\"steps\": 1.5"), "$.phases[0].steps", "1.5", "a whole number");
        refused(with("\"width\": 8", "\"width\": [8]"), "$.model.width", "[8]", "a whole number");
        refused(with("\"model\": {\"id\": \"gpt\", ", "\"model\": {"), "$.model", "an object with an \"id\"");
        refused(with("[0, 4, 10]", "[0, \"4\"]"), "$.evaluateAt[1]", "\"4\"", "a whole number");
    }

    @Test
    void valueOutOfRange() throws IOException {
        refused(with("\"steps\": 12", "\"steps\": 0"), "$.phases[0].steps", "is 0", "1 to 100000000");
        refused(with("\"dropout\": 0.1", "\"dropout\": 1.5"), "$.model.dropout", "1.5", "0 to 0.95");
        refused(with("[0, 4, 10]", "[0, -4]"), "$.evaluateAt[1]", "-4", "at least 0");
        refused(with("\"heads\": 2", "\"heads\": 3"), "small.json", "$.model.heads", "3", "expected one of 1, 2, 4, 8");
    }

    @Test
    void whatDoesNotFitIntoMemory() throws IOException {
        console.write(Console.SMALL);
        refused(
                console.small("bad", "--memory", "10k"),
                "of memory, but there is 0.0 MB (--memory)",
                "states of model",
                "activations of train",
                "phases.pretrain.batch",
                "phases.pretrain.accumulate",
                "phases.pretrain.recompute",
                "--memory 1g");
        refused(console.small("bad", "--memory", "4 pounds"), "--memory 4 pounds", "as 900m or 4g");
        refused(console.small("bad", "--memory", "0"), "--memory 0", "as 900m or 4g");
        refused(console.small("bad", "--memory"), "--memory needs a value");
        assertEquals(0, console.small("good", "--memory", "1g").code());
    }

    @Test
    void everythingWrongIsToldAtOnce() throws IOException {
        refused(
                with("\"heads\": 2, \"width\": 8", "\"heads\": -2, \"with\": 8"),
                "$.model.heads",
                "$.model.with",
                "did you mean 'width'?");
    }

    @Test
    void notJson() throws IOException {
        refused(with("\"seed\": 3,", "\"seed\": 3"), "small.json", "line 5");
        console.write("[1]");
        refused(console.small("bad"), "small.json", "object");
        console.write(Console.SMALL.replace("experiment/1", "experiment/9"));
        refused(console.small("bad"), "$.schema", "kolotoc.experiment/9", "kolotoc.experiment/1");
        refused(with("\"seed\": 3,", "\"seed\": 3, \"seed\": 4,"), "seed");
    }

    @Test
    void missingExperiment() {
        refused(
                console.run(() -> false, folder.resolve("none.json").toString()),
                "none.json",
                "no such file",
                "./kolotoc run examples/");
    }

    @Test
    void unknownOption() {
        refused(console.small("bad", "--sed", "3"), "--sed", "did you mean");
        refused(console.small("bad", "--seed", "three"), "--seed", "three", "a whole number");
        refused(
                console.small("bad", "--set", "model.width=100000", "--set", "model.heads=1"),
                "$.model",
                "more than 2^31-1 elements");
        for (String path : new String[] {"...", "", "phases..steps", "phases.0.steps."}) {
            refused(console.small("bad", "--set", path + "=1"), "--set " + path + "=1", "path=value");
        }
        refused(console.small("bad", "--set", "phases.3.steps=1"), "phases.3.steps", "0 to 0");
        refused(console.small("bad", "--set", "phases.0.steps=-1"), "$.phases[0].steps", "-1");
    }

    @Test
    void missingData() throws IOException {
        refused(
                with(
                        "{\"id\": \"template-world\", \"characters\": 2000}",
                        "{\"id\": \"text\", \"path\": \"some/text.txt\"}"),
                "$.data",
                "some/text.txt",
                folder.resolve("project").resolve("data").toString(),
                "--data");
        refused(
                with(
                        "{\"id\": \"template-world\", \"characters\": 2000}",
                        "{\"id\": \"text\", \"path\": \"tinyshakespeare\"}"),
                "text/tinyshakespeare.txt",
                "--download",
                "https://");
    }

    @Test
    void dataWithAnotherContent() throws IOException {
        Path file = folder.resolve("mine/text/tinyshakespeare.txt");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "First Citizen: not the right file");
        console.write(Console.SMALL.replace(
                "{\"id\": \"template-world\", \"characters\": 2000}",
                "{\"id\": \"text\", \"path\": \"tinyshakespeare\"}"));
        refused(
                console.small("bad", "--data", folder.resolve("mine").toString()),
                file.toString(),
                "SHA-256",
                "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed");
    }

    @Test
    void unknownSeat() throws IOException {
        refused(
                with("\"id\": \"gpt\"", "\"id\": \"gtp\""),
                "small.json",
                "$.model.id",
                "'gtp'",
                "did you mean 'gpt'?",
                "./kolotoc list");
        refused(with("\"id\": \"char\"", "\"id\": \"bpe-99\""), "$.tokenizer.id", "'bpe-99'", "char");
        console.write(Console.SMALL);
        refused(console.small("bad", "--backend", "cppu"), "'cppu'", "reference");
    }

    @Test
    void twoSeatsWithOneId() {
        console.framework().seat(Seat.MODEL, "gpt", new GptFamily(), "someone.elses.gpt");
        refused(
                console.small("bad"),
                "'gpt'",
                "test.model.gpt 1.0.0",
                "someone.elses.gpt 1.0.0",
                "leave one of them out");
    }

    @Test
    void bundleWithAMissingImport() throws IOException {
        console.framework()
                .unresolved(Seat.MODEL, "rnn", "their.rnn", "their.cells", "2.0.0")
                .offering("their.old.cells", "their.cells", "1.3.0");
        refused(
                with("\"id\": \"gpt\"", "\"id\": \"rnn\""),
                "$.model.id",
                "'rnn'",
                "their.rnn 1.0.0",
                "package their.cells",
                "2.0.0",
                "their.old.cells 1.0.0 offers version 1.3.0",
                "do: ");
    }

    private Path saved(int step) {
        return console.out("run").resolve("checkpoints").resolve("step-%08d".formatted(step));
    }

    private Console.Answer resume() {
        return console.run(() -> false, "--resume", console.out("run").toString());
    }

    @Test
    void truncatedCheckpoint() throws IOException {
        console.small("run");
        byte[] whole = Files.readAllBytes(saved(12).resolve(STATE));
        Files.write(saved(12).resolve(STATE), Arrays.copyOf(whole, whole.length / 2));
        byte[] metrics = Files.readAllBytes(console.out("run").resolve("metrics.jsonl"));
        complained(resume(), saved(12).toString(), "./kolotoc run --resume " + console.out("run") + " --from 10");
        assertArrayEquals(metrics, Files.readAllBytes(console.out("run").resolve("metrics.jsonl")), "nothing lost");
        assertEquals(
                0,
                console.run(() -> false, "--resume", console.out("run").toString(), "--from", "10")
                        .code(),
                "the command it names works");
    }

    @Test
    void corruptedCheckpoint() throws IOException {
        console.small("run");
        byte[] bytes = Files.readAllBytes(saved(12).resolve(STATE));
        bytes[bytes.length - 3] ^= 1;
        Files.write(saved(12).resolve(STATE), bytes);
        Files.writeString(saved(10).resolve("checkpoint.json"), "{\"schema\": \"kolo");
        complained(resume(), saved(12).toString(), "hash", "--from 5");
        Files.delete(saved(5).resolve(STATE));
        complained(
                resume(),
                saved(12).toString(),
                "begin a new run: ./kolotoc run " + console.out("run").resolve("experiment.json"));
    }

    @Test
    void changedCounters() throws IOException {
        console.small("run");
        Path json = saved(12).resolve("checkpoint.json");
        Files.writeString(json, Files.readString(json).replace("\"pretrain/updates\": 12", "\"pretrain/updates\": 13"));
        complained(resume(), saved(12).toString(), "--from 10");
    }

    /** Copied by hand to another name. */
    @Test
    void checkpointOfAnotherStep() throws IOException {
        console.small("run");
        Files.move(saved(12), saved(14));
        complained(resume(), saved(14).toString(), "is damaged", "holds step 12", "--from 10");
    }

    @Test
    void noRunFolder() {
        complained(resume(), "is no run folder", "do: ");
        console.small("run");
        complained(
                console.run(() -> false, "--resume", console.out("run").toString(), "--from", "6"), "6", "5, 10, 12");
    }

    @Test
    void outputFolderThatIsAFile() throws IOException {
        Files.createDirectories(console.out("file").getParent());
        Files.writeString(console.out("file"), "precious");
        complained(console.small("file"), console.out("file").toString(), "is a file", "--out");
        complained(
                console.small("file/below"),
                console.out("file").resolve("below").toString(),
                "--out");
        assertEquals("precious", Files.readString(console.out("file")));
    }

    @Test
    void outputFolderThatHoldsSomething() throws IOException {
        console.small("run");
        byte[] before = Files.readAllBytes(console.out("run").resolve("metrics.jsonl"));
        complained(console.small("run"), "not empty", "--resume " + console.out("run"));
        assertArrayEquals(before, Files.readAllBytes(console.out("run").resolve("metrics.jsonl")));
    }

    @Test
    void outputFolderThatTakesNoMore() throws IOException {
        console.run(
                Console.before(3),
                console.experiment().toString(),
                "--out",
                console.out("run").toString());
        byte[] saved = Files.readAllBytes(saved(2).resolve(STATE));
        // The samples of step 4 can't be written; stands for a disk that fills while training.
        Path samples = console.out("run").resolve("samples/step-00000004");
        BooleanSupplier once = () -> {
            try {
                if (Files.notExists(samples)) {
                    Files.writeString(samples, "in the way");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return false;
        };
        complained(
                console.run(once, "--resume", console.out("run").toString()),
                "can't be written",
                "./kolotoc run --resume " + console.out("run"));
        assertArrayEquals(saved, Files.readAllBytes(saved(2).resolve(STATE)), "the checkpoint is whole");
        Files.delete(samples);
        assertEquals(0, resume().code(), "and the run goes on");
    }

    @Test
    void charactersOutsideTheVocabulary() throws IOException {
        refused(
                with("\"prompt\": \" \"", "\"prompt\": \"a €\""),
                "small.json",
                "$.samples.prompt",
                "€",
                "U+20AC",
                "vocabulary");
        refused(with("\"prompt\": \" \"", "\"prompt\": \"\""), "$.samples.prompt", "at least one");
    }

    @Test
    void contextLongerThanTheText() throws IOException {
        refused(
                with("\"context\": 8", "\"context\": 4000"),
                "small.json",
                "$.phases[0]",
                "4000",
                "tokens",
                "a context of at most");
    }

    @Test
    void aBatchOfMoreTokensThanThereAreNumbersForThem() throws IOException {
        refused(
                console.small("bad", "--set", "model.context=100000", "--set", "phases.0.batch=65536"),
                "small.json",
                "$.phases[0].batch: 65536 sequences of 100000 tokens are more than 2^31-1 tokens",
                "expected at most 21474");
    }

    @Test
    void criteriaInAFile() throws IOException {
        Files.writeString(
                folder.resolve("limits.json"),
                "{\"schema\": \"kolotoc.criteria/1\", \"criteria\": [{\"metric\":"
                        + " \"loss/validation\", \"maxx\": 1}]}");
        refused(
                with("\"seed\": 3,", "\"seed\": 3, \"criteria\": \"limits.json\","),
                folder.resolve("limits.json").toString(),
                "$.criteria[0].maxx",
                "did you mean 'max'?");
        Files.writeString(folder.resolve("limits.json"), "{\"schema\": \"kolotoc.criteria/7\", \"criteria\": []}");
        refused(console.small("bad"), "$.schema", "kolotoc.criteria/7", "kolotoc.criteria/1");
        Files.writeString(
                folder.resolve("limits.json"),
                "{\"schema\": \"kolotoc.criteria/1\", \"criteria\": [{\"metric\":"
                        + " \"loss/validation\", \"max\": 0.1}]}");
        assertEquals(1, console.small("judged").code(), "limits of a file decide too");
        Files.delete(folder.resolve("limits.json"));
        refused(console.small("bad"), "limits.json", "no such file");
    }
}
