package org.kolotoc.text;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Sample;
import org.kolotoc.api.text.TextDataset;

/** What metrics of text count. */
final class Words {
    /** A word: letters, with apostrophes inside. */
    private static final Pattern WORD = Pattern.compile("\\p{L}+(?:['’]\\p{L}+)*");

    private Words() {}

    /** Words of at least so many letters, in lower case. */
    static Stream<String> of(String text, int letters) {
        return WORD.matcher(text)
                .results()
                .map(MatchResult::group)
                .filter(word -> word.codePoints().filter(Character::isLetter).count() >= letters)
                .map(word -> word.toLowerCase(Locale.ROOT));
    }

    /**
     * The text that a model was trained on.
     *
     * @throws InputError when the data is no text
     */
    static String trainingText(String metric, Dataset data) {
        if (data instanceof TextDataset text) {
            return text.text("train");
        }
        throw InputError.of(
                "the metric '" + metric + "' compares samples with the training text, but the data is no text",
                "remove '" + metric + "' from the metrics, or choose text data");
    }

    /** Samples that are text. */
    static List<String> texts(List<Sample> samples) {
        return samples.stream()
                .filter(sample -> sample.mediaType().startsWith("text/"))
                .map(Sample::text)
                .toList();
    }
}
