package org.kolotoc.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tck.TestData;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;

class TextSourceTest extends DataSourceConformance<TextSettings> {
    private static final String TEXT = words(2000);

    @Override
    protected DataSource<TextSettings> source() {
        return new TextSource();
    }

    @Override
    protected TextSettings settings() {
        return file("text.txt", TEXT.getBytes(StandardCharsets.UTF_8), 0.8);
    }

    @Override
    protected Stream<Refused<TextSettings>> refused() {
        return Stream.of(
                new Refused<>(new TextSettings("a\0b", 0.9), "path"),
                new Refused<>(new TextSettings("absent.txt", 0.9), ""),
                new Refused<>(new TextSettings("/absent/absent.txt", 0.9), ""));
    }

    private TextSettings file(String name, byte[] content, double train) {
        try {
            Files.write(folder.resolve(name), content);
            return new TextSettings(name, train);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TextDataset open(TextSettings settings) {
        return (TextDataset) source().open(settings, context());
    }

    @Test
    void theFirstPartTrainsTheRestValidates() {
        TextDataset data = open(settings());
        assertEquals(TEXT.substring(0, TEXT.length() * 8 / 10), text(data, "train"));
        assertEquals(TEXT, text(data, "train") + text(data, "validation"));
    }

    private static String text(TextDataset data, String split) {
        return data.text(split).excerpt(0, (int) data.text(split).length());
    }

    @Test
    void aContextLongerThanTheTrainingPartIsRefused() {
        InputError error = assertThrows(
                InputError.class, () -> open(settings()).batches("train", Map.of("batch", 1, "time", 1_000_000), 1));
        assertTrue(error.getMessage().contains("train") && error.getMessage().contains("1000000"), error.getMessage());
        assertTrue(error.next().contains("at most 1919"), error.next());
    }

    @Test
    void twoTokensAreEnoughToMeasureOnWhateverTheBatch() {
        TextDataset data = open(file("two.txt", "aaaaaaaaab".repeat(2).getBytes(StandardCharsets.UTF_8), 0.9));
        for (int batch : new int[] {1, 50}) {
            assertEquals(
                    1,
                    data.batches("validation", Map.of("batch", batch, "time", 64), 1)
                            .count());
        }
        TextDataset one = open(file("one.txt", "aaaaaaaaaa".getBytes(StandardCharsets.UTF_8), 0.9));
        InputError error =
                assertThrows(InputError.class, () -> one.batches("validation", Map.of("batch", 1, "time", 64), 1));
        assertTrue(error.getMessage().contains("it has 1 tokens, expected 2 or more"), error.getMessage());
    }

    @Test
    void aBatchOfMoreThanArraysHoldIsRefused() {
        TextDataset data = open(settings());
        for (String split : data.splits()) {
            InputError error = assertThrows(
                    InputError.class, () -> data.batches(split, Map.of("batch", 65_536, "time", 40_000), 1));
            assertTrue(
                    error.getMessage().contains(split.equals("train") ? "window" : "more than 2^31-1"),
                    error.getMessage());
        }
    }

    /** Longer than its parts, with characters of one to four bytes that lie across their ends. */
    @Test
    void aTextOfManyPartsIsCutBetweenCharacters() {
        String text = "aé€😀 ".repeat(60_000);
        for (double train : new double[] {0.500001, 0.3333335}) {
            TextDataset data = open(file("long.txt", text.getBytes(StandardCharsets.UTF_8), train));
            int cut = (int) (train * text.length());
            cut -= Character.isLowSurrogate(text.charAt(cut)) ? 1 : 0;
            assertEquals(cut, data.text("train").length());
            assertEquals(text.length() - cut, data.text("validation").length());
            StringBuilder all = new StringBuilder();
            data.text("train").forEach(all::append);
            data.text("validation").forEach(all::append);
            assertTrue(text.contentEquals(all), "share " + train);
            for (int from : new int[] {0, 1, 3, 4, 5, cut / 2, cut - 40}) {
                assertEquals(Text.of(text).excerpt(from, 33), data.text("train").excerpt(from, 33), "from " + from);
            }
        }
    }

    @Test
    void aTextThatChangesUnderItsReaderIsNoticed() throws IOException {
        String text = "0123456789".repeat(60_000);
        for (String other : List.of(
                text + "x", text.substring(1), text.replace('5', '\u00e9').substring(0, 545_455))) {
            TextDataset data = open(file("changing.txt", text.getBytes(StandardCharsets.UTF_8), 0.5));
            Files.writeString(folder.resolve("changing.txt"), other);
            InputError error = assertThrows(InputError.class, () -> text(data, "train"));
            assertTrue(error.getMessage().contains("changing.txt"), error.getMessage());
        }
        TextDataset gone = open(file("changing.txt", text.getBytes(StandardCharsets.UTF_8), 0.5));
        Files.delete(folder.resolve("changing.txt"));
        assertThrows(InputError.class, () -> gone.text("train").forEach(_ -> {}));
    }

    @Test
    void bytesThatAreNoTextAreRefusedWithTheirPlace() {
        InputError error = assertThrows(
                InputError.class, () -> open(file("latin.txt", new byte[] {'a', 'b', (byte) 0xE9, 'c'}, 0.5)));
        assertTrue(
                error.getMessage().contains("latin.txt, line 1, column 3: is no UTF-8: byte 2 is 0xE9"),
                error.getMessage());
    }

    /** In a later part, across the end of one, and at the end of the text. */
    @Test
    void thePlaceOfABadByteIsThatInTheFile() {
        byte[] sound = "é".repeat(200_000).getBytes(StandardCharsets.UTF_8);
        for (int bad : new int[] {0, 262_142, 262_144, 300_000}) {
            byte[] bytes = sound.clone();
            bytes[bad] = (byte) 0xFF;
            InputError error = assertThrows(InputError.class, () -> open(file("bad.txt", bytes, 0.5)));
            assertTrue(
                    error.getMessage()
                            .contains("line 1, column " + (bad / 2 + 1) + ": is no UTF-8: byte " + bad + " is 0xFF"),
                    error.getMessage());
        }
        InputError error =
                assertThrows(InputError.class, () -> open(file("cut.txt", Arrays.copyOf(sound, 399_999), 0.5)));
        assertTrue(error.getMessage().contains("byte 399998 is 0xC3"), error.getMessage());
    }

    @Test
    void anEmptyFileIsRefused() {
        InputError error = assertThrows(InputError.class, () -> open(file("empty.txt", new byte[0], 0.5)));
        assertTrue(error.getMessage().contains("empty"), error.getMessage());
    }

    @Test
    void aCharacterThatOnlyTheValidationPartHasIsNamed() {
        InputError error = assertThrows(
                InputError.class, () -> open(file("late.txt", "aaaaaaaaab".getBytes(StandardCharsets.UTF_8), 0.9)));
        assertTrue(
                error.getMessage().contains("validation") && error.getMessage().contains("'b'"), error.getMessage());
    }

    @Test
    void tinyShakespeareIsKnownByName() {
        Path file = TestData.file("text/tinyshakespeare.txt");
        TextDataset data = (TextDataset) source().open(
                        new TextSettings("tinyshakespeare", 0.9),
                        new BenchDataContext(file.getParent().getParent(), 1, Toys::tokenizer));
        assertEquals(65, data.dimensions().get("vocab"));
        assertEquals(1_003_854, data.text("train").length());
        assertEquals(111_540, data.text("validation").length());
        assertTrue(data.held().memory() < 1_300_000, "a byte a token: " + data.held());
    }

    private static String words(int count) {
        CounterRandom random = new CounterRandom(1, "words");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.integer(i, 20)));
            text.append(i % 5 == 0 ? " " : "");
        }
        return text.toString();
    }

    @Test
    void fieldsThatTextLacksAreNamedInOrder() {
        Map<String, Buffer> asked = new LinkedHashMap<>();
        List.of("time", "class", "vocab", "from", "width", "answer", "prompt").forEach(name -> asked.put(name, null));
        Batches batches = open(settings()).batches("train", Map.of("batch", 1, "time", 4), 1);
        String message = assertThrows(IllegalArgumentException.class, () -> batches.fill(0, asked))
                .getMessage();
        assertTrue(message.endsWith("asked for [answer, class, from, prompt, time, vocab, width]"), message);
    }
}
