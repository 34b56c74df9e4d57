package org.kolotoc.text.bpe;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Texts of all kinds, the same each time: words, code, runs of blanks, digits, marks without letters, broken surrogates. */
public final class RandomTexts {
    private static final List<String> PARTS = List.of(
            "Příliš",
            " žluťoučký",
            " kůň",
            " úpěl",
            "ďábelské",
            " ódy",
            "ŘEŘICHA",
            " hello",
            "World",
            "'s",
            "'S",
            "'re",
            "'VE",
            "'ll",
            "'ſ",
            "'x",
            "don't",
            "CamelCaseWord",
            "HTTPServer",
            "iPhone",
            "ǅungla",
            "ªº",
            "名前",
            "日本語",
            "한국어",
            "עברית",
            "مرحبا",
            "नमस्ते",
            "Ω",
            "ß",
            "😀",
            "👍🏽",
            "👨‍👩‍👧",
            "🇨🇿",
            "𝔘𝔫𝔦",
            "𐐀𐐨",
            "𝟘𝟙𝟚𝟛",
            "\u0301",
            "\u0301\u0302",
            "e\u0301",
            "A\u030A",
            "\uD83D",
            "\uDE00",
            "\uD800x",
            "\uDC00",
            " ",
            "  ",
            "    ",
            "\t",
            "\t\t ",
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            " \n ",
            "   \n\n  ",
            "\u00A0",
            "\u2003",
            "\u3000",
            "\u2028",
            "\u0085",
            "\u001C",
            "\u200B",
            "\uFEFF",
            "1",
            "42",
            "2024",
            "1234567",
            "3.14",
            "١٢٣",
            "½",
            "Ⅷ",
            "²",
            "!",
            "?!",
            "...",
            "--",
            "=>",
            "/* x */",
            "//",
            "/\n",
            ";\n",
            "){\n",
            "<|endoftext|>",
            "if (x == 1) {\n    return y;\n}\n",
            "_",
            "__init__",
            "$",
            "€",
            "«",
            "»",
            "„",
            "“",
            "\u0000",
            "\u007F",
            "\uFFFD",
            "\uFFFF",
            "a",
            "b",
            "aaaaaaaaaaaaaaaa",
            "AAAA",
            "aB");

    private RandomTexts() {}

    /** So many of them, each of up to {@code parts} parts. */
    public static Stream<String> of(long seed, int count, int parts) {
        Random random = new Random(seed);
        return Stream.generate(() -> one(random, parts)).limit(count);
    }

    private static String one(Random random, int parts) {
        StringBuilder text = new StringBuilder();
        int left = 1 + random.nextInt(parts);
        while (left-- > 0) {
            if (random.nextInt(8) == 0) {
                text.appendCodePoint(random.nextInt(random.nextBoolean() ? 0x250 : 0x20000));
            } else {
                text.append(PARTS.get(random.nextInt(PARTS.size())));
            }
        }
        return text.toString();
    }
}
