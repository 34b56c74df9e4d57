package org.kolotoc.engine.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.state.Hash;

/** {@code metrics.jsonl}: what is written is read again, by whoever follows the run too; what is broken is named. */
final class MetricsTest {
    private static final String STEP =
            "{\"step\":1,\"phase\":\"p\",\"phaseStep\":1,\"loss/train\":2.5,\"tokensPerSecond\":7,\"seconds\":0.1}";

    @TempDir
    Path temporary;

    private static MetricsLine line(long step, boolean evaluation, Map<String, Double> measures) {
        return new MetricsLine(step, "a \"phase\"\n", step - 2, evaluation, measures, evaluation ? 0 : 12, 0.25);
    }

    private static List<MetricsLine> read(Path file) throws IOException {
        List<MetricsLine> lines = new ArrayList<>();
        MetricsReader.read(file, (line, _) -> lines.add(line));
        return lines;
    }

    private List<MetricsLine> read(String text) throws IOException {
        return read(Files.writeString(temporary.resolve("some.jsonl"), text));
    }

    @Test
    void whatIsWrittenIsReadAgainAtOnce() throws IOException {
        Map<String, Double> odd = new LinkedHashMap<>();
        for (double value : new double[] {
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            -0.0,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            1 / 3.0,
            1e23
        }) {
            odd.put("m \"\\\n\u2028\u00e4 " + value, value);
        }
        try (RunFolder folder = RunFolder.create(Optional.of(temporary.resolve("run")), temporary, "x", 1);
                MetricsLog log = MetricsLog.begin(folder)) {
            Path file = folder.path().resolve("metrics.jsonl");
            List<MetricsLine> written = new ArrayList<>();
            for (long step = 2; step < 6; step++) {
                written.add(line(step, step % 2 == 1, step == 4 ? Map.of() : odd));
                log.write(written.getLast());
                assertEquals(written, read(file), "whoever follows the run sees the line");
                byte[] bytes = Files.readAllBytes(file);
                assertEquals(bytes.length, log.seal().bytes());
                assertEquals(written.size(), log.seal().lines());
                assertEquals(Hash.of(bytes), log.seal().sha256());
            }
            for (String text : Files.readAllLines(file)) {
                assertTrue(JsonParser.parseString(text).isJsonObject(), text);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"step", "phase", "phaseStep", "evaluation", "tokensPerSecond", "seconds"})
    void aMeasureIsNotTakenForAFieldOfTheLine(String name) {
        InputError error = assertThrows(InputError.class, () -> line(3, false, Map.of(name, 1.0)));
        assertTrue(error.getMessage().contains("measures '" + name + "'"), error.getMessage());
    }

    @Test
    void aLineThatIsStillBeingWrittenIsNone() throws IOException {
        for (int length = 0; length <= STEP.length(); length++) {
            assertEquals(1, read(STEP + "\n" + STEP.substring(0, length)).size());
        }
        assertEquals(List.of(), read(temporary.resolve("none.jsonl")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "\"step\":1|\"step\":\"1\"|$.step is \"1\"; expected a whole number from 0 on",
                "\"step\":1|\"step\":-1|$.step is -1",
                "\"step\":1|\"step\":1.5|$.step is 1.5",
                "\"step\":1|\"step\":1e99999|the number 1e99999 is beyond",
                "\"step\":1,|\"step\":1,\"step\":1,|'step' is there twice",
                "\"step\":1,||$.step is missing",
                "\"p\"|7|$.phase is 7; expected a text",
                "\"phaseStep\":1,||$.phaseStep is missing",
                "\"phaseStep\":1|\"phaseStep\":1,\"evaluation\":\"true\"|$.evaluation is \"true\"; expected true or"
                        + " false",
                "2.5|[2.5]|$.loss/train is [2.5]; expected a number",
                "2.5|\"two\"|$.loss/train is \"two\"; expected a number",
                "2.5|true|$.loss/train is true",
                "2.5|null|$.loss/train is null",
                "2.5|NaN|line 1, column",
                "\"seconds\":0.1|\"second\":0.1|$.seconds is missing",
                "{|[|column",
                "}||End of input",
                "}|}}|more after its end",
            })
    void aBrokenLineIsNamedWithItsPlace(String part, String instead, String said) {
        String broken = STEP.replace(part, instead == null ? "" : instead);
        InputError error = assertThrows(InputError.class, () -> read(STEP + "\n" + broken + "\n" + STEP + "\n"));
        assertTrue(error.getMessage().contains("some.jsonl, line 2: "), error.getMessage());
        assertTrue(error.getMessage().contains(said), error.getMessage());
    }

    @Test
    void noLineTakesMoreMemoryThanAnyRunWrites() throws IOException {
        Path file = temporary.resolve("some.jsonl");
        Files.write(file, new byte[3 << 20]);
        InputError error = assertThrows(InputError.class, () -> read(file));
        assertTrue(error.getMessage().contains("line 1: has more than"), error.getMessage());
        Files.write(file, new byte[] {'{', (byte) 0xFF, '}', '\n'});
        assertTrue(assertThrows(InputError.class, () -> read(file)).getMessage().contains("UTF-8"));
    }

    /** An older version wrote one line a step, evaluated or not, and no phase. */
    @Test
    void linesOfOlderVersionsAreUnderstood() throws IOException {
        List<MetricsLine> lines = read("""
            {"step": 0, "loss/validation": 4.2, "tokensPerSecond": 0, "seconds": 0.0}
            {"step": 1, "loss/train": "NaN", "gradient/norm": 1, "learning-rate": 0.1, "tokens": 16.0, "tokensPerSecond": 10, "seconds": 0.1}
            {"step": 2, "loss/train": 3.1, "word-rate": 0.5, "tokensPerSecond": 10, "seconds": 0.2}
            """);
        assertEquals(
                List.of(true, false, true),
                lines.stream().map(MetricsLine::evaluation).toList());
        assertEquals(4.2, lines.getFirst().measures().get("loss/validation"));
        assertTrue(Double.isNaN(lines.get(1).measures().get("loss/train")));
    }
}
