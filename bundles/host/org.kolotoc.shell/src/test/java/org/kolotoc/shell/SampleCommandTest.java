package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.engine.Engine;

/** Samples of a real, tiny run, whose files are held against the schemas as well. */
final class SampleCommandTest {
    @TempDir
    static Path temporary;

    private static Path run;
    private static Engine engine;

    private final SampleCommand command =
            new SampleCommand(engine, FakeHost.standard().terminal());

    @BeforeAll
    static void train() {
        FakeHost host = FakeHost.standard();
        engine = host.engine();
        run = temporary.resolve("run");
        Printed printed = Printed.by(
                new RunCommand(engine, host.terminal(), () -> false),
                "../../../examples/experiments/first.json",
                "--backend",
                "reference",
                "--quiet",
                "--out",
                run.toString(),
                "--set",
                "model.width=8",
                "--set",
                "model.layers=1",
                "--set",
                "model.heads=2",
                "--set",
                "model.context=16",
                "--set",
                "data.characters=4000",
                "--set",
                "phases.0.batch=2",
                "--set",
                "phases.0.steps=4",
                "--set",
                "phases.0.learningRate=0.1",
                "--set",
                "phases.0.warmup=1",
                "--set",
                "phases.0.evaluationBatches=1",
                "--set",
                "checkpointEvery=2",
                "--set",
                "samples.count=1",
                "--set",
                "samples.length=20",
                "--set",
                "controls=false");
        assertEquals(1, printed.code(), "four steps meet no criterion: " + printed.err());
    }

    private Printed sample(String... more) {
        String[] all = new String[more.length + 1];
        all[0] = run.toString();
        System.arraycopy(more, 0, all, 1, more.length);
        return Printed.by(command, all);
    }

    private JsonArray texts(String... more) {
        String[] all = java.util.Arrays.copyOf(more, more.length + 1);
        all[more.length] = "--json";
        Printed printed = sample(all);
        assertEquals(0, printed.code(), printed.err());
        return JsonParser.parseString(printed.out()).getAsJsonArray();
    }

    @Test
    void itWritesSoManyOfThatLength() {
        JsonArray texts = texts("--count", "3", "--length", "17");
        assertEquals(3, texts.size());
        texts.forEach(text -> assertEquals(17, text.getAsString().length()));
    }

    /** By what the run wrote: nobody waits for a sample that then has no place. */
    @Test
    void aWrongEndingIsRefusedBeforeAnythingIsDrawn() {
        Printed printed = sample("--out", temporary.resolve("text.png").toString());
        assertEquals(2, printed.code());
        assertTrue(
                printed.err()
                        .matches("(?s).*samples 'text' are .txt in this run; expected a file whose name ends"
                                + " with .txt, not .*text.png.*"),
                printed.err());
        assertEquals(
                0,
                sample("--length", "5", "--out", temporary.resolve("text.txt").toString())
                        .code());
    }

    /** Nobody waits for a sample that can't be written. */
    @Test
    void whatCantBeWrittenIsRefusedBeforeAnythingIsDrawn() throws IOException {
        Path file = Files.createFile(temporary.resolve("plain"));
        for (Path out : List.of(file.resolve("a.txt"), Files.createDirectory(temporary.resolve("folder.txt")))) {
            Printed printed = sample("--out", out.toString());
            assertEquals(2, printed.code(), printed.out());
            assertTrue(printed.err().contains(out + " can't be written: "), printed.err());
        }
    }

    @Test
    void filesThatWereWrittenAreToldAsJsonToo() throws IOException {
        Path out = temporary.resolve("new/text.txt");
        Printed printed = sample("--length", "5", "--seed", "3", "--out", out.toString(), "--json");
        JsonObject told = JsonParser.parseString(printed.out()).getAsJsonObject();
        assertEquals(
                JsonParser.parseString("{\"files\": [\"" + out + "\"], \"samples\": \"text\", \"sampler\": \"text\","
                        + " \"seed\": 3, \"checkpoint\": 4}"),
                told);
        assertEquals(5, Files.readString(out).length());
    }

    @Test
    void whatDrawsPicturesGoesOnFromNoText() {
        for (String option : List.of("--prompt", "--length", "--decoder")) {
            Printed printed = sample("--set", "samples={\"id\": \"generator\"}", option, "1");
            assertEquals(2, printed.code());
            assertTrue(
                    printed.err()
                            .contains(option + ": samples 'generator' are drawn by 'generator', which draws pictures or"
                                    + " points and writes no text; expected one of --class, --interpolate\n"),
                    printed.err());
        }
    }

    /** The same of a run that wrote pictures, as its folder has it; which what is set may change. */
    @Test
    void whatGoesToFilesIsRefusedBeforeAnythingIsDrawn() throws IOException {
        List<Path> texts = texts();
        asPictures(texts, () -> {
            Printed printed = sample("--length", "5");
            assertEquals(2, printed.code(), printed.out());
            assertTrue(
                    printed.err()
                            .matches("(?s).*samples 'text' are .png in this run, which goes to files\\s+do: say"
                                    + " where: --out samples.png, or --folder <folder>\\s+"),
                    printed.err());
            assertEquals(0, sample("--set", "samples.length=5").code());
        });
        assertEquals(0, sample("--length", "5").code());
    }

    /** A run that goes on may have other samples than before, and judges show pictures. */
    @Test
    void onlyWhatTheseSamplesWereLastIsAsked() throws IOException {
        List<Path> texts = texts();
        Path shown = texts.getLast().resolveSibling("judge").resolve("step-00000001");
        Files.createDirectories(shown);
        Files.createFile(shown.resolve("0.png"));
        asPictures(texts.subList(0, texts.size() - 1), () -> {
            Printed printed = sample("--length", "5");
            assertEquals(0, printed.code(), printed.err());
        });
    }

    private static List<Path> texts() throws IOException {
        try (Stream<Path> written = Files.walk(run.resolve("samples"))) {
            return written.filter(file -> file.endsWith("0.txt")).sorted().toList();
        }
    }

    private static void asPictures(List<Path> texts, Runnable doing) throws IOException {
        assertFalse(texts.isEmpty());
        for (Path text : texts) {
            Files.move(text, text.resolveSibling("0.png"));
        }
        try {
            doing.run();
        } finally {
            for (Path text : texts) {
                Files.move(text.resolveSibling("0.png"), text);
            }
        }
    }

    /** Who typed an option reads options. */
    @Test
    void whatDoesNotFitTheSamplerIsToldByOptions() {
        for (String option : List.of("--class", "--guidance")) {
            Printed printed = sample(option, "3");
            assertEquals(2, printed.code());
            assertTrue(
                    printed.err()
                            .contains(option
                                    + ": does not fit here; expected one of --length, --prompt, --decoder, --model\n"),
                    printed.err());
        }
        Printed printed = sample("--length", "5", "--set", "samples.guidance=3");
        assertTrue(printed.err().contains("$.samples.guidance: there is no such field (known: length,"), printed.err());
    }

    @Test
    void thePromptComesFirst() {
        Printed printed = sample("--prompt", "The ", "--length", "9");
        assertTrue(printed.out().startsWith("The "), printed.out());
        assertEquals(
                "The ".length() + 9 + System.lineSeparator().length(),
                printed.out().length());
    }

    @Test
    void sameSeedSameTextAnotherSeedAnother() {
        assertEquals(texts("--length", "40"), texts("--length", "40"));
        assertNotEquals(texts("--length", "40"), texts("--length", "40", "--seed", "2"));
    }

    @Test
    void theWeightsAreThoseOfTheCheckpoint() {
        assertNotEquals(texts("--length", "60", "--from", "2"), texts("--length", "60", "--from", "4"));
        assertEquals(texts("--length", "60"), texts("--length", "60", "--from", "4"));
    }

    @Test
    void greedyDrawsNothing() {
        assertEquals(
                texts("--decoder", "greedy", "--seed", "1"), texts("--decoder", "{\"id\": \"greedy\"}", "--seed", "2"));
    }

    @Test
    void aPromptThatLooksLikeJsonIsText() {
        assertEquals(0, sample("--prompt", "12", "--length", "3").code());
    }

    @Test
    void aCharacterOutsideTheVocabularyIsNamed() {
        Printed printed = sample("--prompt", "caf\u00e9");
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("U+00E9"), printed.err());
    }

    @Test
    void anUnknownDecoderIsRefusedWithTheNearest() {
        Printed printed = sample("--decoder", "gredy");
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("did you mean 'greedy'?"), printed.err());
    }

    @Test
    void aStepWithoutCheckpointIsRefused() {
        Printed printed = sample("--from", "3");
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("[2, 4]"), printed.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "many"})
    void aCountThatIsNoneIsRefused(String count) {
        Printed printed = sample("--count", count);
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("--count " + count), printed.err());
    }

    @Test
    void aFolderThatIsNoRunIsRefused() {
        Printed printed = Printed.by(command, temporary.toString());
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("no run folder"), printed.err());
    }

    @Test
    void nothingInTheRunChanges() throws IOException {
        String before = content();
        sample("--length", "5");
        assertEquals(before, content());
    }

    /** As a process that was killed leaves it. */
    @Test
    void theEndOfAKilledRunIsNoted() throws IOException {
        Path json = run.resolve("run.json");
        String finished = Files.readString(json);
        Files.writeString(json, finished.replace("\"finished\"", "\"running\""));
        assertEquals(0, sample("--length", "5").code());
        JsonObject noted = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        assertEquals("failed", noted.get("status").getAsString());
        assertTrue(noted.get("reason").getAsString().contains("killed?"), noted.toString());
        checked("run", noted.toString());
        Files.writeString(json, finished);
    }

    @Test
    void aRunThatHoldsALinkIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(run.resolve("samples/step-00000009"), temporary);
        Printed printed = sample("--length", "5");
        Files.delete(link);
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains(link + " is a link to " + temporary), printed.err());
    }

    private static String content() throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            StringBuilder text = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                text.append(file)
                        .append(' ')
                        .append(Files.size(file))
                        .append(' ')
                        .append(Files.getLastModifiedTime(file))
                        .append('\n');
            }
            return text.toString();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "verdict", "lock", "experiment"})
    void filesOfTheRunKeepTheirSchemas(String format) throws IOException {
        checked(format, Files.readString(run.resolve(format + ".json")));
    }

    @Test
    void checkpointAndMetricsKeepTheirSchemas() throws IOException {
        checked("checkpoint", Files.readString(run.resolve("checkpoints/step-00000002/checkpoint.json")));
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            checked("metrics", line);
        }
    }

    /** A schema that takes anything would prove nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"run", "metrics", "checkpoint", "verdict", "lock", "experiment"})
    void anEmptyObjectKeepsNoSchema(String format) throws IOException {
        assertFalse(validator(format).faults(new JsonObject()).isEmpty());
    }

    private static Validator validator(String format) throws IOException {
        return new Validator(
                JsonParser.parseString(engine.schema(format, _ -> {})).getAsJsonObject());
    }

    private static void checked(String format, String text) throws IOException {
        assertEquals(java.util.List.of(), validator(format).faults(JsonParser.parseString(text)), text);
    }
}
