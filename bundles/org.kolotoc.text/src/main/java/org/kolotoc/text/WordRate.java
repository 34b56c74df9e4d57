package org.kolotoc.text;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/**
 * {@code word-rate}: of the words of at least {@code letters} letters in the samples, the share that occurs in the
 * training text, upper and lower case alike. 0 where the samples have no such word.
 *
 * <p>Noise scores low because few random strings are words; a copy of the training text scores 1, which
 * {@link LongestCopy} tells apart.
 */
@Component
@Seat(kind = Seat.METRIC, id = "word-rate", summary = "share of words in the samples that occur in the training text")
public final class WordRate implements Metric<WordSettings> {
    @Override
    public Class<WordSettings> settings() {
        return WordSettings.class;
    }

    @Override
    public List<Measure> measures(WordSettings settings) {
        return List.of(
                Measure.evaluation("word-rate", "", Measure.Better.HIGHER),
                Measure.evaluation("word-rate/words", "words", Measure.Better.NEITHER));
    }

    @Override
    public void measure(WordSettings settings, List<Sample> samples, Dataset data, Measurements out) {
        Set<String> known = Words.of(Words.trainingText("word-rate", data), settings.letters())
                .collect(Collectors.toCollection(HashSet::new));
        long[] counts = new long[2];
        Words.texts(samples)
                .forEach(text ->
                        Words.of(text, settings.letters()).forEach(word -> counts[known.contains(word) ? 1 : 0]++));
        long words = counts[0] + counts[1];
        out.put("word-rate", words == 0 ? 0 : counts[1] / (double) words);
        out.put("word-rate/words", words);
    }
}
