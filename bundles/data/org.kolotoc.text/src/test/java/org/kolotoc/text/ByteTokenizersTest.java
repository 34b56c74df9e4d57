package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.tck.TokenizerConformance;

class ByteTokenizersTest extends TokenizerConformance<Settings.None> {
    @Override
    protected TokenizerFamily<Settings.None> family() {
        return new ByteTokenizers();
    }

    @Override
    protected Settings.None settings() {
        return new Settings.None();
    }

    @Test
    void tokensAreTheBytesOfUtf8() {
        Tokenizer tokenizer = family().fit(settings(), Text.of("unimportant"));
        assertEquals(256, tokenizer.vocab());
        assertArrayEquals(new int[] {0x61, 0xC5, 0xBE}, tokenizer.encode("a\u017E"));
        assertEquals("a\uFFFD", tokenizer.decode(new int[] {0x61, 0xC5}));
    }
}
