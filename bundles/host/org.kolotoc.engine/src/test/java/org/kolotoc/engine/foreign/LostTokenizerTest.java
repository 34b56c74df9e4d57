package org.kolotoc.engine.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.run.Console;
import org.kolotoc.text.bpe.Gpt2Tokenizers;
import org.kolotoc.text.bpe.TiktokenTokenizers;
import org.kolotoc.text.huggingface.HuggingFaceTokenizers;

/** What is wrong with a tokenizer is told where the experiment names it, once, and not of the data that is opened for it. */
class LostTokenizerTest {
    @TempDir
    Path temporary;

    private Console console;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(temporary);
        console.framework().seat(Seat.TOKENIZER, "huggingface", new HuggingFaceTokenizers());
        console.framework().seat(Seat.TOKENIZER, "gpt2", new Gpt2Tokenizers());
        console.framework().seat(Seat.TOKENIZER, "tiktoken", new TiktokenTokenizers());
    }

    @Test
    void theFileOfAnImportedRunIsNamed() throws IOException {
        Path folder = temporary.resolve("foreign");
        new ForeignGpt2(folder, 3).write();
        Files.writeString(folder.resolve("tokenizer.json"), """
            {"version": "1.0", "pre_tokenizer": {"type": "WhitespaceSplit"}, "model": {"type": "WordPiece",
             "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "a": 1, "b": 2}}}
            """);
        Path run = console.out("imported");
        new Engine(console.framework().context()).importing(folder, Optional.of(run), () -> false);
        Files.delete(run.resolve("tokenizer.json"));
        Console.Answer answer = console.run(
                () -> false,
                run.resolve("experiment.json").toString(),
                "--set",
                "data={\"id\": \"template-world\", \"characters\": 1500}",
                "--set",
                "phases=[{\"id\": \"pretrain\", \"steps\": 1}]");
        requireTold(answer, "$.tokenizer: the tokenizer's file tokenizer.json is at none of these places:");
        assertTrue(answer.err().contains(run.resolve("tokenizer.json").toString()), answer.err());
        assertTrue(
                answer.err().contains("put it at one of them") && answer.err().contains("./kolotoc import"),
                answer.err());
    }

    private static void requireTold(Console.Answer answer, String fault) {
        assertEquals(2, answer.code(), answer.err());
        assertTrue(answer.err().contains(" has a fault:") && answer.err().contains(fault), answer.err());
        assertFalse(answer.err().contains("$.data"), answer.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'id': 'gpt2', 'vocab': 'nowhere.json'} | file nowhere.json is at none",
                "{'id': 'huggingface', 'file': '/nowhere.json'} | file /nowhere.json is not",
                "{'id': 'tiktoken', 'encoding': 'r51k_base'} | $.tokenizer.encoding: is 'r51k_base'",
                "{'id': 'huggingface', 'file': 'broken.json'} | $.tokenizer:",
            })
    void aFaultIsToldWhereTheTokenizerIsNamedWhateverDataThereIs(String tokenizer, String fault) throws IOException {
        Files.writeString(temporary.resolve("broken.json"), "{\"version\": ");
        requireTold(
                console.small("run", "--set", "tokenizer=" + tokenizer.replace('\'', '"')), fault.replace('\'', '"'));
        // Also where several data would need it.
        requireTold(
                console.small(
                        "several",
                        "--set",
                        "data={\"one\": {\"id\": \"template-world\", \"characters\": 1500}, \"two\": {\"id\":"
                                + " \"template-world\", \"characters\": 1600}}",
                        "--set",
                        "phases.0.data=\"one\"",
                        "--set",
                        "samples=[]",
                        "--set",
                        "metrics=[]",
                        "--set",
                        "tokenizer=" + tokenizer.replace('\'', '"')),
                fault.replace('\'', '"'));
    }
}
