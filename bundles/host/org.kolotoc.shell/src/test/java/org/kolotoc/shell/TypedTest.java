package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.DecoderFamily;
import org.kolotoc.engine.Engine;
import org.kolotoc.sampler.text.ChatSampler;
import org.kolotoc.sampler.text.NextWordsSampler;
import org.kolotoc.sampler.text.PerplexitySampler;
import org.kolotoc.text.BeamDecoder;

/** Commands make samplers of what is typed: what is wrong is told of the option or the argument, and not of a JSON path. */
class TypedTest {
    private static final String MODEL = "{\"id\": \"gpt\", \"layers\": 1, \"heads\": 2, \"width\": 8, \"context\": 16}";

    @TempDir
    static Path temporary;

    private static FakeHost host;
    private static Engine engine;

    @BeforeAll
    static void train() throws Exception {
        host = FakeHost.standard()
                .plug(Sampler.class, Seat.SAMPLER, "next-words", new NextWordsSampler())
                .plug(Sampler.class, Seat.SAMPLER, "perplexity", new PerplexitySampler())
                .plug(Sampler.class, Seat.SAMPLER, "chat", new ChatSampler())
                .plug(ModelFamily.class, Seat.MODEL, "mute", new MuteFamily())
                .plug(DecoderFamily.class, Seat.DECODER, "beam", new BeamDecoder());
        engine = host.engine();
        train("one", "\"model\": " + MODEL, "{\"id\": \"pretrain\", %s}");
        train(
                "two",
                "\"models\": {\"a\": " + MODEL + ", \"b\": " + MODEL + "}",
                "{\"id\": \"pretrain\", \"models\": \"a\", %1$s}, {\"id\": \"pretrain\", \"name\": \"more\","
                        + " \"models\": \"b\", %1$s}");
        train(
                "listed",
                "\"samples\": [{\"id\": \"text\", \"length\": 3}, {\"id\": \"text\", \"name\": \"other\", \"length\":"
                        + " 4}], \"model\": " + MODEL,
                "{\"id\": \"pretrain\", %s}");
        // A model that reads to both sides can't write, whatever it was trained for.
        Path mute = temporary.resolve("mute");
        train("mute", "\"model\": " + MODEL, "{\"id\": \"pretrain\", %s}");
        Path experiment = mute.resolve("experiment.json");
        Files.writeString(experiment, Files.readString(experiment).replace("\"gpt\"", "\"mute\""));
        Files.writeString(temporary.resolve("greek.txt"), "ab\nΩ");
        Files.writeString(temporary.resolve("empty.txt"), "");
    }

    private static void train(String name, String models, String phases) throws Exception {
        Path file = Files.writeString(temporary.resolve(name + ".json"), """
            {"schema": "kolotoc.experiment/1", "backend": "reference", "data": {"id": "template-world", "characters": 2000},
             "tokenizer": {"id": "char"}, %s, "phases": [%s]}
            """.formatted(
                models, phases.formatted("\"steps\": 1, \"batch\": 2, \"warmup\": 1, \"evaluationBatches\": 1")));
        Printed printed = Printed.by(
                new RunCommand(engine, host.terminal(), () -> false),
                file.toString(),
                "--quiet",
                "--out",
                temporary.resolve(name).toString());
        assertEquals(0, printed.code(), printed.err());
    }

    private static ToIntFunction<String[]> command(String name) {
        return switch (name) {
            case "next" -> new NextCommand(engine, host.terminal());
            case "generate" -> new GenerateCommand(engine, host.terminal());
            case "perplexity" -> new PerplexityCommand(engine, host.terminal());
            case "chat" -> new ChatCommand(engine, host.terminal(), () -> false, () -> {});
            default -> new SampleCommand(engine, host.terminal());
        };
    }

    /** @param line a command, the name of a run, and what follows; the name of a file is of one here */
    private static Printed typed(String line) {
        List<String> words = List.of(line.strip().split(" +"));
        String[] arguments = words.stream()
                .skip(1)
                .map(word -> word.equals("''") ? "" : word)
                .map(word -> words.indexOf(word) == 1 || word.endsWith(".txt")
                        ? temporary.resolve(word).toString()
                        : word)
                .toArray(String[]::new);
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(new byte[0]));
        try {
            return Printed.by(command(words.getFirst()), arguments);
        } finally {
            System.setIn(before);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "next one Ω | the text: character 'Ω'",
                "next one '' | the text: is empty",
                "next one a --words 99999999 | --words: is 99999999",
                "next mute a | the model of the run: the model 'model' is none for the sampler 'next-words'",
                "generate one --prompt Ω | --prompt: character 'Ω'",
                "generate one --prompt '' | --prompt: is empty",
                "generate one --prompt a --top-p 7 | --top-p: is 7",
                "generate one --prompt a --min-p 7 | --min-p: is 7",
                "generate one --prompt a --temperature -1 | --temperature: is -1",
                "generate one --prompt a --top-k -1 | --top-k: is -1",
                "generate one --prompt a --repetition-penalty -1 | --repetition-penalty: is -1",
                "generate one --prompt a --beam 9999 | --beam: is 9999",
                "generate one --prompt a --beam 2 --length-penalty 99 | --length-penalty: is 99",
                "generate two --prompt a --model b --top-p 7 | --top-p: is 7",
                "generate mute --prompt a | the model of the run: the model 'model' is none",
                "perplexity one greek.txt | greek.txt: character 'Ω' (U+03A9) at offset 3, line 2, column 1",
                "perplexity one empty.txt | empty.txt: is empty",
                "perplexity one greek.txt --begin <s> | --begin: the tokenizer has no special token",
                "perplexity one greek.txt --stride 9999999 | --stride: ",
                "perplexity mute greek.txt | the model of the run: the model 'model' is none",
                "chat mute | the model of the run: the model 'model' is none for the sampler 'chat'",
                "chat one --temperature -1 | --temperature: is -1",
                "chat one --starter Ω | --starter[0]: character 'Ω'",
                "chat two --model c | --model: there is no model 'c'",
                "sample one --prompt Ω | --prompt: character 'Ω'",
                "sample one --decoder odd | --decoder.id: there is no decoder 'odd'",
                "sample one --decoder {\"id\":\"sample\",\"temperature\":-3} | --decoder.temperature: is -3",
                "sample listed --sample other --prompt Ω | --prompt: character 'Ω'",
                "sample mute | the model of the run: the model 'model' is none",
                "sample two | the run has several models: a, b",
                "sample two --prompt a | the run has several models: a, b",
                "sample two --model c | there is no model 'c'",
                "sample listed --model c | --model: there is no model 'c'",
            })
    void aFaultIsToldOfWhatWasTyped(String line, String fault) {
        Printed printed = typed(line);
        assertEquals(2, printed.code(), printed.out());
        assertTrue(printed.err().contains(fault), printed.err());
        assertFalse(printed.err().contains("$.samples"), printed.err());
        assertFalse(printed.err().contains("./kolotoc schema"), printed.err());
    }

    @Test
    void whatIsCutIsToldOfWhatWasTyped() {
        Printed printed = typed("next one " + "a".repeat(40));
        assertEquals(0, printed.code(), printed.err());
        assertTrue(printed.err().contains("the text: it has 40 tokens"), printed.err());
    }

    @Test
    void whichModelMakesSamplesCanBeSaid() {
        Printed a = typed("sample two --model a --prompt a --quiet --seed 3");
        Printed b = typed("sample two --model b --prompt a --quiet --seed 3");
        assertEquals(0, a.code(), a.err());
        assertEquals(0, b.code(), b.err());
        assertFalse(a.out().equals(b.out()), a.out());
    }

    /** No model of it could be named that would do. */
    @Test
    void aRunWithoutTextSaysSo() throws Exception {
        Path experiment = temporary.resolve("two").resolve("experiment.json");
        String before = Files.readString(experiment);
        try {
            Files.writeString(experiment, before.replaceFirst("\"tokenizer\": *\\{[^}]*\\},", ""));
            for (String line : List.of("next two a", "generate two --prompt a", "perplexity two greek.txt")) {
                Printed printed = typed(line);
                assertEquals(2, printed.code(), printed.out());
                assertTrue(printed.err().contains("the run has no text model: it has no tokenizer"), printed.err());
                assertFalse(printed.err().contains("--model"), printed.err());
            }
        } finally {
            Files.writeString(experiment, before);
        }
    }

    /** What the run's own file says keeps its path: nobody typed it. */
    @Test
    void whatTheFileSaysIsToldOfTheFile() throws Exception {
        Path run = temporary.resolve("listed");
        Path experiment = run.resolve("experiment.json");
        String before = Files.readString(experiment);
        try {
            Files.writeString(experiment, before.replaceAll("\"length\": *3", "\"length\": -3"));
            Printed printed = typed("sample listed --prompt a");
            assertEquals(2, printed.code(), printed.out());
            assertTrue(printed.err().contains("$.samples[0].length: is -3"), printed.err());
        } finally {
            Files.writeString(experiment, before);
        }
    }
}
