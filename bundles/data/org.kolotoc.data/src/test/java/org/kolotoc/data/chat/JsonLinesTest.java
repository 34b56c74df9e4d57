package org.kolotoc.data.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.Toys;

class JsonLinesTest {
    private static final ChatTemplate TEMPLATE = new ChatTemplate("Q: ", " A: ", "\n", "|");
    private static final Lengths LENGTHS = new Lengths(60, 30, ChatTokens.Cut.RIGHT);
    private static final String GOOD = "{\"question\": \"What?\", \"answer\": \"That.\"}\n";

    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();

    private Told context() {
        return new Told(new BenchDataContext(folder, 1, Toys::tokenizer), said);
    }

    private ChatDataset instructions(String lines) throws IOException {
        Files.writeString(folder.resolve("lines.jsonl"), lines);
        return instructions("lines.jsonl", List.of("question"));
    }

    private ChatDataset instructions(String path, List<String> question) {
        return (ChatDataset) new InstructionsSource()
                .open(new InstructionsSettings(path, question, "answer", 0.2, TEMPLATE, LENGTHS), context());
    }

    private ChatDataset comparisons(String lines, String label) throws IOException {
        Files.writeString(folder.resolve("pairs.jsonl"), lines);
        return (ChatDataset) new ComparisonsSource()
                .open(
                        new ComparisonsSettings(
                                "pairs.jsonl", List.of("q"), "one", "two", label, 0.2, TEMPLATE, LENGTHS),
                        context());
    }

    private void refused(String expected, String lines) {
        InputError error = assertThrows(InputError.class, () -> instructions(lines));
        assertTrue(error.getMessage().contains(expected), error::getMessage);
    }

    private static String many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"question\": \"What is " + i % 50 + "?\", \"answer\": \"" + i + "\"}\n")
                .collect(Collectors.joining());
    }

    @Test
    void theSameQuestionIsNeverInBothParts() throws IOException {
        ChatDataset data = instructions(many(200));
        Set<String> train = questions(data, "train");
        Set<String> heldOut = questions(data, "validation");
        assertEquals(50, train.size() + heldOut.size());
        assertTrue(heldOut.size() >= 4 && heldOut.size() <= 18, () -> "held out " + heldOut.size());
        assertEquals(
                200,
                data.exchanges("train").size() + data.exchanges("validation").size());
    }

    private static Set<String> questions(ChatDataset data, String split) {
        return data.exchanges(split).stream().map(Exchange::question).collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    void aPackedFileIsReadAndFieldsAreJoined() throws IOException {
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("lines.jsonl.gz")))) {
            String line = "{\"instruction\": \"Say it.\", \"input\": \"%s\", \"answer\": \"Žluť.\"}\n";
            out.write((line.formatted("Here") + line.formatted("")).getBytes(StandardCharsets.UTF_8));
        }
        ChatDataset data = instructions("lines.jsonl.gz", List.of("instruction", "input"));
        Set<String> all = new HashSet<>();
        data.splits().forEach(split -> all.addAll(questions(data, split)));
        assertEquals(Set.of("Say it.\nHere", "Say it."), all);
    }

    @Test
    void whatIsMalformedIsNamedByLineAndColumn() {
        refused("lines.jsonl, line 2, column 14: no JSON", GOOD + "{\"question\": What}\n");
        refused("lines.jsonl, line 3, column ", GOOD + "\n" + GOOD.strip().substring(0, 20));
        refused("line 2, column 1: expected one JSON object", GOOD + "[1]\n");
        refused(
                "line 1: the field \"answer\" is there twice",
                "{\"question\": \"What?\", \"answer\": \"That.\", \"answer\": \"This.\"}");
        refused("line 1: there is no field \"answer\", only [question]", "{\"question\": \"What?\"}");
        refused(
                "line 1: \"answer\" is 3; expected a text in quotes. The fields are [question, answer]",
                "{\"question\": \"What?\", \"answer\": 3}");
    }

    @Test
    void whatIsNoUtf8IsRefused() throws IOException {
        byte[] spoiled = "{\"question\": \"Žluť\u0001\"}\n".getBytes(StandardCharsets.UTF_8);
        spoiled[spoiled.length - 4] = (byte) 0xC3;
        Files.write(folder.resolve("lines.jsonl"), GOOD.getBytes(StandardCharsets.UTF_8));
        Files.write(folder.resolve("lines.jsonl"), spoiled, StandardOpenOption.APPEND);
        InputError error = assertThrows(InputError.class, () -> instructions("lines.jsonl", List.of("question")));
        assertTrue(
                error.getMessage()
                        .contains("lines.jsonl, line 2, column 19: is no UTF-8: byte "
                                + (GOOD.getBytes(StandardCharsets.UTF_8).length + spoiled.length - 4) + " is 0xC3"),
                error::getMessage);
    }

    @Test
    void emptyAnswersAreLeftOutAndCounted() throws IOException {
        ChatDataset data = instructions(many(100) + "{\"question\": \"Why?\", \"answer\": \"\"}\n".repeat(3));
        assertEquals(
                100,
                data.exchanges("train").size() + data.exchanges("validation").size());
        assertEquals(List.of("skipped : 3 of 103 answers are empty: left out"), said);
        refused("no exchange is left", "{\"question\": \"Why?\", \"answer\": \"\"}\n");
    }

    @Test
    void longQuestionsAreCutAndCounted() throws IOException {
        ChatDataset data =
                instructions(many(60) + "{\"question\": \"" + "What is ".repeat(20) + "it?\", \"answer\": \"1\"}\n");
        assertTrue(said.getFirst().startsWith("truncated lengths.prompt: 1 of 61 questions"), said::toString);
        assertEquals(60, data.prompt("What is ".repeat(20) + "it?").length);
    }

    @Test
    void theLabelSaysWhichAnswerIsBetterAndEqualAnswersAreLeftOut() throws IOException {
        String line = "{\"q\": \"Q%d?\", \"one\": \"%s\", \"two\": \"%s\", \"label\": %d}\n";
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            lines.append(line.formatted(i, i % 2 == 0 ? "good" : "bad", i % 2 == 0 ? "bad" : "good", 1 + i % 2));
        }
        lines.append(line.formatted(99, "same", "same", 1));
        ChatDataset data = comparisons(lines.toString(), "label");
        for (String split : data.splits()) {
            data.exchanges(split).forEach(each -> assertEquals("good", each.answer()));
        }
        assertEquals(List.of("skipped : 1 questions have two equal answers, of which none is better: left out"), said);
        ChatDataset plain = comparisons(lines.toString(), "");
        assertTrue(
                plain.exchanges("train").stream().anyMatch(each -> each.answer().equals("bad")));
        InputError error = assertThrows(InputError.class, () -> comparisons(line.formatted(1, "a", "b", 3), "label"));
        assertTrue(error.getMessage().contains("\"label\" is 3; expected 1"), error::getMessage);
    }

    /** Two conversations that part at their last line. */
    @Test
    void linesThatBothAnswersBeginWithAreTheQuestion() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            lines.append("""
                {"one": "Human: tell %1$d\\n\\nBot: no %1$d", "two": "Human: tell %1$d\\n\\nBot: not so", "q": ""}
                """.formatted(1_000_000 + 123_457 * i));
        }
        Files.writeString(folder.resolve("pairs.jsonl"), lines);
        ChatDataset data = (ChatDataset) new ComparisonsSource()
                .open(
                        new ComparisonsSettings("pairs.jsonl", List.of(), "one", "two", "", 0.3, TEMPLATE, LENGTHS),
                        context());
        assertEquals(
                List.of("train", "validation"), data.splits().stream().sorted().toList());
        data.exchanges("train").forEach(each -> {
            assertTrue(each.question().matches("Human: tell \\d+\n\n"), each::question);
            assertTrue(each.answer().matches("Bot: no \\d+"), each::answer);
        });
    }
}
