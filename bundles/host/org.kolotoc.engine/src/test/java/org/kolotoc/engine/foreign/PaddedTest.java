package org.kolotoc.engine.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.prepare.Restored;
import org.kolotoc.engine.run.Console;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.text.BeamDecoder;
import org.kolotoc.text.huggingface.HuggingFaceTokenizers;

/** A model that knows more tokens than its tokenizer, to a round number: what stands for no text is never written, nor begun with. */
class PaddedTest {
    private static final int THERE = 8;
    private static final int HERE = 3;
    private static final String SAMPLES =
            "samples={\"id\": \"text\", \"prompt\": \"a b\", \"length\": 5, \"count\": 2, \"decoder\": %s}";

    @TempDir
    Path temporary;

    private Console console;
    private Path folder;
    private ForeignGpt2 gpt2;
    private Engine engine;

    /** The tokens that the tokenizer lacks have by far the highest logits: whatever is written, one of them is likeliest. */
    @BeforeEach
    void checkpoint() throws IOException {
        console = new Console(temporary);
        console.framework().seat(Seat.TOKENIZER, "huggingface", new HuggingFaceTokenizers());
        console.framework().seat(Seat.DECODER, "beam", new BeamDecoder());
        engine = new Engine(console.framework().context());
        folder = temporary.resolve("foreign");
        gpt2 = new ForeignGpt2(folder, THERE);
        gpt2.write();
        for (int axis = 0; axis < ForeignGpt2.WIDTH; axis++) {
            gpt2.set("transformer.wte.weight", 6 * ForeignGpt2.WIDTH + axis, axis == 0 ? 1000 : 0);
            gpt2.set("transformer.wte.weight", 7 * ForeignGpt2.WIDTH + axis, axis == 0 ? -1000 : 0);
        }
        tokenizer("tokenizer.json", "a", "b");
    }

    private void tokenizer(String name, String... words) throws IOException {
        StringBuilder vocab = new StringBuilder("\"[UNK]\": 0");
        for (int i = 0; i < words.length; i++) {
            vocab.append(", \"").append(words[i]).append("\": ").append(i + 1);
        }
        Files.writeString(folder.resolve(name), """
            {"version": "1.0", "pre_tokenizer": {"type": "WhitespaceSplit"},
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {%s}}}
            """.formatted(vocab));
    }

    private Imported imported() throws IOException {
        return engine.importing(folder, Optional.of(console.out("imported")), () -> false);
    }

    @Test
    void whatTheTokenizerLacksIsNeverWritten() throws IOException {
        Imported imported = imported();
        assertEquals(THERE, imported.tokens());
        assertEquals(THERE - HERE, imported.padding());
        for (String decoder : List.of("{\"id\": \"greedy\"}", "{\"id\": \"sample\", \"temperature\": 2}")) {
            try (Restored model = engine.restored(
                    imported.folder(),
                    Options.none(),
                    file -> file.option(SAMPLES.formatted(decoder)),
                    Client.NOBODY)) {
                model.draw(model.plans().getFirst(), 0, (_, _) -> {})
                        .forEach(sample -> assertEquals(5, sample.text().split(" ").length, sample.text()));
            }
        }
        assertEquals(THERE, weights("imported", "model").get("token.weight").shape()[0], "export gives it back");
    }

    /** Among the numbers of a vocabulary, as behind its last: whatever decodes, and before a word, a token is taken that there is. */
    @Test
    void whatTheVocabularyLeavesOutIsNeverWritten() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), """
            {"version": "1.0", "pre_tokenizer": {"type": "WhitespaceSplit"}, "model": {"type": "WordPiece",
             "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "a": 1, "b": 5}}}
            """);
        for (int gap : new int[] {2, 3, 4}) {
            gpt2.set("transformer.wte.weight", gap * ForeignGpt2.WIDTH, gap % 2 == 0 ? 900 : -900);
        }
        gpt2.set("transformer.wte.weight", 6 * ForeignGpt2.WIDTH, 0);
        gpt2.set("transformer.wte.weight", 7 * ForeignGpt2.WIDTH, 0);
        Imported imported = imported();
        assertEquals(THERE - 3, imported.padding(), "of 8 numbers 3 are tokens");
        for (String decoder : List.of(
                "{\"id\": \"greedy\"}",
                "{\"id\": \"sample\", \"temperature\": 2}",
                "{\"id\": \"beam\", \"width\": 4}")) {
            try (Restored model = engine.restored(
                    imported.folder(),
                    Options.none(),
                    file -> file.option(SAMPLES.formatted(decoder)),
                    Client.NOBODY)) {
                model.draw(model.plans().getFirst(), 0, (_, _) -> {})
                        .forEach(sample -> assertEquals(5, sample.text().split(" ").length, sample.text()));
            }
        }
    }

    private Map<String, Snapshot.Entry> weights(String run, String model) {
        return new Checkpoints(console.out(run))
                .read(Optional.empty())
                .snapshot()
                .of(model);
    }

    /** @param tokenizer its file in the folder */
    private Console.Answer started(String name, String tokenizer) {
        return console.small(
                name,
                Stream.of(
                                "phases.0.steps=1",
                                "phases.0.learningRate=0",
                                "phases.0.minLearningRate=0",
                                "metrics=[]",
                                "samples=[]",
                                "tokenizer={\"id\": \"huggingface\", \"file\": \"" + folder.resolve(tokenizer) + "\"}",
                                "start={\"model\": {\"run\": \"" + console.out("imported") + "\"}}")
                        .flatMap(setting -> Stream.of("--set", setting))
                        .toArray(String[]::new));
    }

    @Test
    void whoBeginsWithItHasTheTokensOfTheTokenizer() throws IOException {
        imported();
        Console.Answer run = started("begun", "tokenizer.json");
        assertEquals(0, run.code(), run.err());
        Snapshot.Entry token = weights("begun", "model").get("token.weight");
        assertArrayEquals(new int[] {HERE, ForeignGpt2.WIDTH}, token.shape());
        assertArrayEquals(
                Arrays.copyOf(weights("imported", "model").get("token.weight").floats(), HERE * ForeignGpt2.WIDTH),
                token.floats(),
                1e-6f);
        String ledger = Files.readString(console.out("begun").resolve("ledger.jsonl"));
        assertTrue(
                ledger.contains("it knows 8 tokens, and the tokenizer here has 3: the others stand for no text, and are"
                        + " left out of token.weight"),
                ledger);
    }

    /** Tokens that its own tokenizer has are none that nobody reads. */
    @Test
    void aSmallerTokenizerIsAnotherAndBothSizesAreSaid() throws IOException {
        imported();
        tokenizer("smaller.json", "a");
        Console.Answer run = started("smaller", "smaller.json");
        assertEquals(2, run.code(), run.err());
        assertTrue(run.err().contains("it knows 8 tokens, and the tokenizer here has 2"), run.err());
        assertTrue(run.err().contains("use the settings that run was made with: "), run.err());
    }

    @Test
    void aLargerTokenizerIsRefusedWithBothSizes() throws IOException {
        tokenizer("tokenizer.json", "a", "b", "c", "d", "e", "f", "g", "h");
        String message = assertThrows(InputError.class, this::imported).getMessage();
        assertTrue(message.contains("tokenizer.json has 9 tokens, but the model knows 8"), message);
    }
}
