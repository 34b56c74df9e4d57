package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.tck.MetricConformance;
import org.kolotoc.tensor.CounterRandom;

class WordRateTest extends MetricConformance<WordSettings> {
    @Override
    protected Metric<WordSettings> metric() {
        return new WordRate();
    }

    @Override
    protected WordSettings settings() {
        return new WordSettings(3);
    }

    @Override
    protected String id() {
        return "word-rate";
    }

    @Override
    protected List<Sample> high() {
        return List.of(Sample.text("The cat sat on the mat."));
    }

    @Override
    protected List<Sample> low() {
        return List.of(Sample.text("Xqz wvk sjt."));
    }

    @Test
    void onlyWordsOfThreeLettersCount() {
        // Of "Cat", "zzz", "the" and "mats" two are known; "on" and "12" do not count.
        assertEquals(2 / 4.0, of("Cat on 12 zzz", "the mats"), 1e-12);
        assertEquals(0, of("on a 1234"), 0);
    }

    /** Against the pattern that says what a word is. */
    @Test
    void wordsAreLettersWithApostrophesBetween() {
        Pattern word = Pattern.compile("\\p{L}+(?:['’]\\p{L}+)*");
        CounterRandom random = new CounterRandom(3, "words");
        String[] pieces = {"a", "Bc", "'", "’", " ", "\n", "ž", "1", "-", "\uD835\uDC00", "İ", "''", "xyz"};
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < i % 9; j++) {
                text.append(pieces[random.integer(10L * i + j, pieces.length)]);
            }
            int letters = 1 + i % 4;
            List<String> expected = word.matcher(text)
                    .results()
                    .map(MatchResult::group)
                    .filter(found ->
                            found.codePoints().filter(Character::isLetter).count() >= letters)
                    .map(found -> found.toLowerCase(Locale.ROOT))
                    .toList();
            assertEquals(expected, Words.of(text.toString(), letters), text.toString());
        }
    }

    @Test
    void wordsThatAreTooLongAreLeftOutWhole() {
        List<String> words = new ArrayList<>();
        WordReader reader = new WordReader(1, 3, words::add);
        for (String part : List.of("abc ab", "cd ab'", "c x a’", "b ", "abcdefg", "hijk", "lm no")) {
            reader.read(part);
        }
        reader.end();
        assertEquals(List.of("abc", "x", "a’b", "no"), words);
    }

    private double of(String... texts) {
        List<Sample> samples = List.of(texts).stream().map(Sample::text).toList();
        return measured(samples).get(id());
    }
}
