package org.kolotoc.text.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.knuddels.jtokkit.api.Encoding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.tck.TokenizerConformance;

class TiktokenTokenizersTest extends TokenizerConformance<TiktokenSettings> {
    /** A. Horák: Generativní modely, on the tokens of GPT-3. */
    static final String LECTURE =
            "Provozovat tratě jen v nezávislé trakci je výhodné tam, kde jsou slabší přepravní proudy a jezdí zde méně"
                    + " vlaků s menší obsazeností nebo nízkou tonáží. Zavádění elektrického pohonu je totiž spojeno s"
                    + " nemalými investičními náklady a zvýšenými provozními náklady.";

    private static final int[] LECTURE_TOKENS = {
        // The slide shows these,
        15946,
        8590,
        709,
        265,
        491,
        265,
        128,
        249,
        474,
        268,
        410,
        497,
        89,
        6557,
        85,
        3044,
        2634,
        1291,
        74,
        979,
        11223,
        410,
        127,
        121,
        2065,
        77,
        2634,
        21885,
        11,
        479,
        2934,
        44804,
        280,
        38677,
        32790,
        8836,
        279,
        129,
        247,
        538,
        4108,
        77,
        8836,
        6613,
        88,
        257,
        474,
        8471,
        67,
        8836,
        1976,
        2934,
        285,
        35942,
        128,
        249,
        410,
        75,
        461,
        129,
        107,
        264,
        1450,
        32790,
        8836,
        10201,
        1031,
        268,
        455,
        8836,
        // leaves these out,
        497,
        2127,
        299,
        8836,
        89,
        74,
        280,
        5680,
        6557,
        129,
        122,
        8836,
        13,
        1168,
        615,
        6557,
        67,
        128,
        249,
        77,
        8836,
        9766,
        74,
        2213,
        624,
        2634,
        8873,
        745,
        24130,
        84,
        11223,
        2006,
        72,
        129,
        122,
        599,
        13210,
        23397,
        264,
        36945,
        282,
        127,
        121,
        11632,
        1325,
        72,
        46195,
        77,
        8836,
        11632,
        299,
        6557,
        41582,
        4597,
        257,
        1976,
        85,
        127,
        121,
        32790,
        268,
        127,
        121,
        11632,
        // and ends with these.
        899,
        8590,
        77,
        8836,
        11632,
        299,
        6557,
        41582,
        4597,
        13
    };

    @TempDir
    Path folder;

    @Override
    protected TokenizerFamily<TiktokenSettings> family() {
        return new TiktokenTokenizers();
    }

    @Override
    protected TiktokenSettings settings() {
        return new TiktokenSettings("r50k_base", file(SmallFiles.ranks()).toString(), false);
    }

    private Path file(String content) {
        try {
            return Files.writeString(folder.resolve("small.tiktoken"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By the name of the special token, so that every process says the same of one file. */
    @Test
    void ofSeveralRanksThatAreTakenTheFirstIsNamed() {
        Map<String, Integer> specials = new TreeMap<>(Map.of(
                "<|endofprompt|>", 100_276,
                "<|endoftext|>", 100_257,
                "<|fim_middle|>", 100_259,
                "<|fim_prefix|>", 100_258,
                "<|fim_suffix|>", 100_260));
        while (!specials.isEmpty()) {
            String first = specials.keySet().iterator().next();
            StringBuilder ranks = new StringBuilder();
            specials.values().forEach(rank -> ranks.append("YQ== ").append(rank).append('\n'));
            TiktokenSettings settings =
                    new TiktokenSettings("cl100k_base", file(ranks.toString()).toString(), false);
            InputError taken = assertThrows(InputError.class, () -> family().fit(settings, Text.of("")));
            assertTrue(taken.getMessage().contains("which is " + first + " in cl100k_base"), taken.getMessage());
            specials.remove(first);
        }
    }

    @Test
    void theTextOfTheLectureHasTheTokensOfTheSlide() {
        assertEquals(144, LECTURE_TOKENS.length);
        assertArrayEquals(LECTURE_TOKENS, RankFiles.ours("r50k_base").encode(LECTURE));
        assertArrayEquals(LECTURE_TOKENS, RankFiles.ours("p50k_base").encode(LECTURE));
        assertEquals(LECTURE, RankFiles.ours("r50k_base").decode(LECTURE_TOKENS));
    }

    @ParameterizedTest
    @CsvSource({
        "r50k_base, 50257, 0, 144",
        "p50k_base, 50281, 0, 144",
        "cl100k_base, 100277, 16, 119",
        "o200k_base, 200019, 19, 83"
    })
    void aPublishedVocabularyHasItsSizeAndItsGaps(String encoding, int vocab, int gaps, int tokens) {
        assertEquals(vocab, RankFiles.ours(encoding).vocab());
        assertEquals(gaps, RankFiles.ours(encoding).gaps().length);
        assertEquals(tokens, RankFiles.ours(encoding).encode(LECTURE).length);
    }

    @Test
    void theTokensOfTheSlideOnTrainingAreThoseOfAnotherVocabulary() {
        assertEquals(" we do", RankFiles.ours("o200k_base").decode(new int[] {581, 621}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"r50k_base", "p50k_base", "cl100k_base", "o200k_base"})
    void aThousandTextsHaveTheTokensOfAnotherImplementation(String encoding) {
        // Of half a surrogate, which no text has, that one makes a question mark too, but for this encoding.
        boolean mended = encoding.equals("cl100k_base");
        Encoding theirs = RankFiles.theirs(encoding);
        Tokenizer ours = RankFiles.ours(encoding);
        RandomTexts.of(11, 1000, 25).forEach(text -> {
            int[] tokens = ours.encode(text);
            assertArrayEquals(
                    theirs.encodeOrdinary(mended ? withoutBrokenPairs(text) : text)
                            .toArray(),
                    tokens,
                    text);
            assertEquals(withoutBrokenPairs(text), ours.decode(tokens), text);
        });
    }

    /** What UTF-8 can't have becomes a question mark. */
    private static String withoutBrokenPairs(String text) {
        int[] characters = text.codePoints()
                .map(character -> Character.getType(character) == Character.SURROGATE ? '?' : character)
                .toArray();
        return new String(characters, 0, characters.length);
    }

    @Test
    void aSpecialTokenIsEncodedOnlyWhereAsked() {
        String text = "one<|endoftext|>two";
        String ranks = SmallFiles.ranks();
        Tokenizer plain = family().fit(settings(), Text.of(""));
        assertEquals(Map.of("<|endoftext|>", 50_256), plain.specials());
        assertFalse(IntStream.of(plain.encode(text)).anyMatch(token -> token == 50_256));
        Tokenizer asked =
                family().fit(new TiktokenSettings("r50k_base", file(ranks).toString(), true), Text.of(""));
        int[] tokens = asked.encode(text);
        assertEquals(1, IntStream.of(tokens).filter(token -> token == 50_256).count());
        assertEquals(text, asked.decode(tokens));
        assertEquals(text, plain.decode(plain.encode(text)));
        assertArrayEquals(tokens, family().restore(asked.state()).encode(text));
    }

    @Test
    void wrongLinesAreNamed() {
        assertWrong("IQ== 0\nIg== x\n", "small.tiktoken, line 2", "\"Ig== x\"", "base64");
        assertWrong("IQ== 0\n\nI!== 1\n", "line 3");
        assertWrong("IQ== 0\nIg== 0\n", "line 2", "rank that no line before has");
        assertWrong("IQ== -1\n", "line 1", "from 0");
        assertWrong("IQ== 0\nIg== 999999999\n", "line 2");
        assertWrong(SmallFiles.ranks() + "QUJDREVG 50256\n", "50256", "<|endoftext|>");
    }

    private void assertWrong(String content, String... parts) {
        Path file = file(content);
        InputError error = assertThrows(
                InputError.class,
                () -> family().fit(new TiktokenSettings("r50k_base", file.toString(), false), Text.of("")));
        for (String part : parts) {
            assertTrue(error.getMessage().contains(part), () -> part + " is not in: " + error.getMessage());
        }
    }

    @Test
    void anUnknownEncodingIsRefused() {
        InputError error = assertThrows(
                InputError.class, () -> family().fit(new TiktokenSettings("gpt5", "", false), Text.of("")));
        assertEquals("encoding", error.field());
        assertTrue(error.getMessage().contains("cl100k_base"), error.getMessage());
    }
}
