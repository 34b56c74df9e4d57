package org.kolotoc.engine.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.engine.Engine;

/** Text from anywhere, in a message. */
final class PrintableTest {
    @Test
    void aLineStaysALineAndEnds() {
        assertEquals("a\\nb\\r\\tc", Printable.cut("a\nb\r\tc", 80));
        assertEquals("abc... (6 characters)", Printable.cut("abcdef", 3));
        assertEquals("abcdef", Printable.cut("abcdef", 6));
        assertEquals("žluťoučký 馬 \uD83D\uDC0E", Printable.cut("žluťoučký 馬 \uD83D\uDC0E", 80));
    }

    /** Escape, C1's own escape, right-to-left override, isolates, separators, half a surrogate, a bell. */
    @Test
    void nothingMovesTheCursorOrTheReadingDirection() {
        for (int character : new int[] {0x1b, 0x9b, 0x202e, 0x2066, 0x2028, 0x2029, 0xd800, 0x07, 0x00, 0x7f, 0xfeff}) {
            String one = new String(Character.toChars(character));
            String wanted = "\\u{" + Integer.toHexString(character) + "}";
            assertEquals(wanted, Printable.cut(one, 80));
            assertEquals("a\n" + wanted, Printable.lines("a\n" + one));
            assertEquals("a\n\t" + wanted + "\\r", Printable.written("a\n\t" + one + "\r"));
        }
    }

    /** It is read to the same text again. */
    @Test
    void jsonSaysTheSameWithoutMovingAnything() {
        for (int character : new int[] {0x1b, 0x9b, 0x202e, 0x2066, 0x2028, 0xd800, 0x07, 0xe0001, 'a', '馬', 0x1f40e}) {
            String text = "before" + new String(Character.toChars(character)) + "after\n";
            String json = Engine.json(Map.of("text", text));
            assertEquals(Printable.lines(json), json);
            assertEquals(
                    text,
                    JsonParser.parseString(json).getAsJsonObject().get("text").getAsString());
            assertEquals("{\"text\":" + Engine.line(text) + "}", Engine.line(Map.of("text", text)));
        }
        assertEquals("\"\\udb40\\udc01\"", Engine.line("\uDB40\uDC01"));
        assertEquals("\"馬\"", Engine.line("馬"));
    }

    /** In quotes where a shell would part or change it. */
    @Test
    void aWordOfACommandIsOne() {
        assertEquals("/tmp/nové/model-1.jar", Printable.word(Path.of("/tmp/nové/model-1.jar")));
        for (String path : List.of("/tmp/my model", "runs/$HOME", "a;b", "~", "")) {
            assertEquals("'" + path + "'", Printable.word(path));
        }
        assertEquals("'it'\\''s'", Printable.word("it's"));
    }

    @Test
    void markupHasNoMarkup() {
        assertEquals("&lt;b a=&quot;&amp;&quot;&gt;\uFFFD", Printable.markup("<b a=\"&\">\u0001"));
        assertFalse(Printable.markup("<script>").contains("<"));
    }
}
