package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.DecoderFamily;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.sampler.text.NextWordsSampler;
import org.kolotoc.sampler.text.TextSampler;
import org.kolotoc.text.BeamDecoder;
import org.kolotoc.text.CharTokenizers;
import org.kolotoc.text.SampleDecoder;

/** A run folder is all it takes to let a model write: the text, the criteria and who trained and judged it may be gone. */
final class SampleAloneTest {
    @TempDir
    Path temporary;

    private Path run;
    private Path text;

    /** Tokenizer, model and decoder; nothing that reads data, trains or judges. */
    private static FakeHost writers() {
        return new FakeHost()
                .plug(TokenizerFamily.class, Seat.TOKENIZER, "char", new CharTokenizers())
                .plug(ModelFamily.class, Seat.MODEL, "gpt", new GptFamily())
                .plug(DecoderFamily.class, Seat.DECODER, "sample", new SampleDecoder())
                .plug(DecoderFamily.class, Seat.DECODER, "beam", new BeamDecoder())
                .plug(Sampler.class, Seat.SAMPLER, "next-words", new NextWordsSampler())
                .plug(Sampler.class, Seat.SAMPLER, "text", new TextSampler());
    }

    @BeforeEach
    void train() throws IOException {
        FakeHost host = FakeHost.standard();
        run = temporary.resolve("run");
        text = Files.writeString(temporary.resolve("text.txt"), "Příliš žluťoučký kůň. ".repeat(80));
        Path experiment = Files.writeString(temporary.resolve("alone.json"), """
            {
              "schema": "kolotoc.experiment/1", "name": "alone", "backend": "reference",
              "data": {"id": "text", "path": "text.txt"}, "tokenizer": {"id": "char"},
              "model": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8},
              "phases": [{"id": "pretrain", "steps": 3, "batch": 2, "warmup": 1}],
              "samples": {"prompt": "P", "length": 30}, "metrics": [{"id": "word-rate"}],
              "criteria": [{"metric": "word-rate", "min": 0.99}]
            }
            """);
        Printed printed = Printed.by(
                new RunCommand(host.engine(), host.terminal(), () -> false),
                experiment.toString(),
                "--quiet",
                "--out",
                run.toString());
        assertEquals(1, printed.code(), printed.err());
    }

    private static Printed sample(FakeHost host, Path run) {
        return Printed.by(
                new SampleCommand(host.engine(), host.terminal()), run.toString(), "--length", "40", "--json");
    }

    @Test
    void theTextAndWhoReadItMayBeGone() throws IOException {
        Printed before = sample(FakeHost.standard(), run);
        assertEquals(0, before.code(), before.err());
        JsonArray written = JsonParser.parseString(before.out()).getAsJsonArray();
        assertEquals(40, written.get(0).getAsString().length());
        Files.delete(text);
        Path moved = Files.move(run, temporary.resolve("moved"));
        Printed after = sample(writers(), moved);
        assertEquals(0, after.code(), after.err());
        assertEquals(before.out(), after.out(), "the same model writes the same");
    }

    private Printed generated(String... options) {
        List<String> line = new ArrayList<>(List.of(run.toString(), "--length", "12", "--json"));
        line.addAll(List.of(options));
        if (!line.contains("--prompt")) {
            line.addAll(List.of("--prompt", "P"));
        }
        FakeHost host = writers();
        return Printed.by(new GenerateCommand(host.engine(), host.terminal()), line.toArray(String[]::new));
    }

    private List<String> texts(String... options) {
        Printed printed = generated(options);
        assertEquals(0, printed.code(), printed.err());
        return JsonParser.parseString(printed.out()).getAsJsonArray().asList().stream()
                .map(JsonElement::getAsString)
                .toList();
    }

    /** The best of a beam, as many as wanted; draws as the options say; each the same in any company. */
    @Test
    void textsAreWrittenAsTheOptionsSay() {
        List<String> best = texts("--beam", "4", "--n", "8");
        assertEquals(8, new HashSet<>(best).size(), best::toString);
        assertEquals(best, texts("--beam", "8", "--n", "8"));
        assertEquals(texts("--beam", "1"), texts("--temperature", "0"));
        List<String> drawn = texts("--n", "3", "--top-k", "9", "--seed", "4");
        assertEquals(drawn.subList(0, 1), texts("--top-k", "9", "--seed", "4"));
        assertEquals(3, new HashSet<>(drawn).size(), drawn::toString);
        String whole = drawn.getFirst();
        String stop = whole.substring(5, 7);
        assertEquals(
                List.of(whole.substring(0, whole.indexOf(stop))), texts("--top-k", "9", "--seed", "4", "--stop", stop));
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() {
        assertTrue(generated("--beam", "2", "--top-p", "0.5").err().contains("--top-p is for drawing"));
        assertTrue(generated("--length-penalty", "2").err().contains("belongs to a beam"));
        assertTrue(generated("--top-p", "half").err().contains("--top-p half: expected a number"));
        assertTrue(generated("--top-p", "7").err().contains("--top-p: is 7"));
        assertEquals(2, generated("--min-p", "1e9").code());
        Printed many = generated("--n", "99999999999");
        assertTrue(many.err().contains("--n 99999999999: expected a whole number, 1 to 2147483647"), many.err());
    }

    /** The model looks at 8 tokens. */
    @Test
    void aPromptThatIsNotReadToItsBeginningIsTold() {
        String told = "prompt: it has 14 tokens, of which the model sees the last 8";
        Printed printed = generated("--prompt", "Příliš žluťouč");
        assertEquals(0, printed.code(), printed.err());
        assertTrue(printed.err().contains(told), printed.err());
        assertFalse(generated().err().contains("of which the model sees"));
        FakeHost host = writers();
        Printed next = Printed.by(
                new NextCommand(host.engine(), host.terminal()), run.toString(), "Příliš žluťouč", "--quiet");
        assertTrue(next.err().contains("the text: it has 14 tokens, of which the model sees"), next.err());
    }

    @Test
    void theNextWordsAddUpToOne() {
        FakeHost host = writers();
        NextCommand next = new NextCommand(host.engine(), host.terminal());
        Printed printed = Printed.by(next, run.toString(), "P", "--words", "4", "--json");
        assertEquals(0, printed.code(), printed.err());
        double sum = 0;
        JsonArray rows = JsonParser.parseString(printed.out()).getAsJsonArray();
        for (JsonElement row : rows) {
            sum += row.getAsJsonObject().get("probability").getAsDouble();
        }
        assertEquals(5, rows.size(), printed.out());
        assertEquals(1, sum, 1e-6);
        String table = Printed.by(next, run.toString(), "P", "--words", "4").out();
        assertTrue(table.contains("(any other)") && table.contains("█"), table);
        Printed none = Printed.by(next, run.toString());
        assertEquals(2, none.code());
        assertTrue(none.err().contains("expected a run folder and a text, 1 words were given"), none.err());
    }

    /** Nothing is opened that the folder names: neither data nor criteria. */
    @Test
    void nothingThatTheFolderNamesIsRead() throws IOException {
        JsonObject json = JsonParser.parseString(Files.readString(run.resolve("experiment.json")))
                .getAsJsonObject();
        json.addProperty("criteria", temporary.resolve("absent.json").toString());
        json.getAsJsonObject("data")
                .addProperty("path", temporary.resolve("absent.txt").toString());
        Files.writeString(run.resolve("experiment.json"), json.toString());
        Printed printed = sample(FakeHost.standard(), run);
        assertEquals(0, printed.code(), printed.err());
        assertFalse(printed.err().contains("reads "), printed.err());
    }

    /** Where no lock says what a run was made with, whoever reads its folder is told so, and what is used. */
    @Test
    void bundlesThatNoLockVouchesForAreTold() throws IOException {
        FakeHost host = FakeHost.standard()
                .plug(DecoderFamily.class, Seat.DECODER, "beam", new BeamDecoder())
                .plug(Sampler.class, Seat.SAMPLER, "next-words", new NextWordsSampler());
        String folder = run.toString();
        List<Supplier<Printed>> commands = List.of(
                () -> sample(host, run),
                () -> Printed.by(new GenerateCommand(host.engine(), host.terminal()), folder, "--prompt", "P"),
                () -> Printed.by(new NextCommand(host.engine(), host.terminal()), folder, "P"));
        for (Supplier<Printed> command : commands) {
            String known = command.get().err();
            assertFalse(known.contains("the bundles that began this run"), known);
        }
        Path lock = run.resolve("lock.json");
        Files.writeString(lock, "{");
        assertTrue(commands.getFirst().get().err().contains("not known: lock.json is broken; used now: "));
        Files.delete(lock);
        for (Supplier<Printed> command : commands) {
            Printed printed = command.get();
            assertEquals(0, printed.code(), printed.err());
            assertTrue(
                    printed.err()
                            .contains("warning: the bundles that began this run are not known: lock.json is missing;"
                                    + " used now: "),
                    printed.err());
            assertTrue(printed.err().contains("test.model.gpt 0.1.0"), printed.err());
        }
    }

    @Test
    void whatTheDataStatedIsInTheCheckpoint() throws IOException {
        JsonObject json = JsonParser.parseString(
                        Files.readString(run.resolve("checkpoints/step-00000003/checkpoint.json")))
                .getAsJsonObject();
        long letters = "Příliš žluťoučký kůň. ".codePoints().distinct().count();
        assertEquals(letters, json.getAsJsonObject("dimensions").get("vocab").getAsLong());
    }

    @Test
    void lockAndCheckpointKeepTheirSchemas() throws IOException {
        for (String file : List.of("lock", "checkpoints/step-00000003/checkpoint")) {
            JsonObject json = JsonParser.parseString(Files.readString(run.resolve(file + ".json")))
                    .getAsJsonObject();
            String format = file.substring(file.lastIndexOf('/') + 1);
            Validator validator = new Validator(
                    JsonParser.parseString(FakeHost.standard().engine().schema(format, _ -> {}))
                            .getAsJsonObject());
            assertEquals(List.of(), validator.faults(json));
        }
        JsonObject lock = JsonParser.parseString(Files.readString(run.resolve("lock.json")))
                .getAsJsonObject();
        lock.getAsJsonObject("data").getAsJsonObject("text.txt").addProperty("sha256", "none");
        assertFalse(new Validator(
                        JsonParser.parseString(FakeHost.standard().engine().schema("lock", _ -> {}))
                                .getAsJsonObject())
                .faults(lock)
                .isEmpty());
    }

    /** They noted the tokenizer alone. */
    @Test
    void checkpointsOfAnEarlierVersionDo() throws IOException {
        Checkpoints.Checkpoint checkpoint = new Checkpoints(run).read(Optional.empty());
        Path older = Files.createDirectories(temporary.resolve("older"));
        Files.copy(run.resolve("experiment.json"), older.resolve("experiment.json"));
        JsonObject more = new JsonObject();
        more.addProperty("tokenizer", checkpoint.tokenizer());
        new Checkpoints(older)
                .write(3, checkpoint.snapshot(), checkpoint.metrics().orElseThrow(), more);
        assertEquals(sample(writers(), run).out(), sample(writers(), older).out());
    }

    @Test
    void whatIsMissingIsNamed() {
        FakeHost without = new FakeHost()
                .plug(ModelFamily.class, Seat.MODEL, "gpt", new GptFamily())
                .plug(Sampler.class, Seat.SAMPLER, "text", new TextSampler());
        Printed printed = sample(without, run);
        assertEquals(2, printed.code());
        for (String part : List.of("$.tokenizer.id", "'char'", "$.samples.decoder.id", "'sample'")) {
            assertTrue(printed.err().contains(part), printed.err());
        }
    }
}
