package org.kolotoc.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tck.TestData;
import org.kolotoc.tck.Toys;
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
        assertEquals(TEXT.substring(0, TEXT.length() * 8 / 10), data.text("train"));
        assertEquals(TEXT, data.text("train") + data.text("validation"));
    }

    @Test
    void validationReadsThePartOnceFromTheStart() {
        TextDataset data = open(settings());
        StringBuilder read = new StringBuilder();
        var batches = data.batches("validation", axes(), 1);
        for (long i = 0; i < batches.count(); i++) {
            var feeds = feeds();
            batches.fill(i, feeds);
            int[] tokens = new int[24];
            feeds.get("tokens").read(tokens);
            read.append(data.tokenizer().decode(tokens));
        }
        assertTrue(data.text("validation").startsWith(read.toString()));
        assertTrue(data.text("validation").length() - read.length() <= 24);
    }

    @Test
    void aContextLongerThanTheTextIsRefused() {
        Dataset data = open(settings());
        for (String split : data.splits()) {
            InputError error =
                    assertThrows(InputError.class, () -> data.batches(split, Map.of("batch", 1, "time", 1_000_000), 1));
            assertTrue(
                    error.getMessage().contains(split) && error.getMessage().contains("1000000"), error.getMessage());
        }
    }

    @Test
    void bytesThatAreNoTextAreRefusedWithTheirPlace() {
        InputError error = assertThrows(
                InputError.class, () -> open(file("latin.txt", new byte[] {'a', 'b', (byte) 0xE9, 'c'}, 0.5)));
        assertTrue(error.getMessage().contains("byte 2 is 0xE9"), error.getMessage());
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
}
