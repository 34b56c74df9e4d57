package org.kolotoc.api.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.api.InputError;

class Utf8Test {
    @Test
    void aTextIsWhatItWas() {
        String text = "kůň\r\n\u4E2D \uD83D\uDE00\n";
        assertEquals(text, Utf8.text(text.getBytes(StandardCharsets.UTF_8), stray -> stray.in("no")));
        assertEquals("", Utf8.text(new byte[0], stray -> stray.in("no")));
    }

    /** Of bytes as Latin-1 has them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"caf\u00E9 |1|4|3|E9", "a\\n\\nb\u00FFc|3|2|4|FF", "\u00E9|1|1|0|E9", "ab\\n\u00C3|2|1|3|C3"})
    void theFirstByteThatIsNoneIsFound(String latin, long line, long column, long at, String value) {
        byte[] bytes = latin.replace("\\n", "\n").getBytes(StandardCharsets.ISO_8859_1);
        InputError error = assertThrows(InputError.class, () -> Utf8.text(bytes, stray -> stray.in("a.txt")));
        assertEquals(
                "a.txt, line " + line + ", column " + column + ": is no UTF-8: byte " + at + " is 0x" + value,
                error.getMessage());
        assertEquals("convert it: iconv -f <its encoding> -t UTF-8 a.txt", error.next());
    }

    /** Columns are counted in characters, not in bytes. */
    @Test
    void whatIsBeforeItInItsLineIsCountedInCharacters() {
        byte[] bytes = "kůň ?".getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 1] = (byte) 0xFF;
        InputError error = assertThrows(InputError.class, () -> Utf8.text(bytes, stray -> stray.in("a.txt")));
        assertEquals("a.txt, line 1, column 5: is no UTF-8: byte 6 is 0xFF", error.getMessage());
    }

    @Test
    void aPartGoesOnInTheLineOfTheOneBefore() {
        ByteBuffer in = ByteBuffer.wrap(new byte[] {'a', (byte) 0x80}).position(1);
        assertEquals(new Utf8.Stray(101, 7, 13, 0x80), Utf8.stray(in, "a", 100, 7, 12));
        assertEquals(new Utf8.Stray(101, 8, 1, 0x80), Utf8.stray(in, "\n", 100, 7, 12));
    }
}
