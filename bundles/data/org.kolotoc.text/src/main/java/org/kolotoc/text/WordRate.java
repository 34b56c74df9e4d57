package org.kolotoc.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
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
    public Needs needs(WordSettings settings) {
        return Words.TRAINING;
    }

    @Override
    public long bytes(WordSettings settings, ProgramContext context) {
        Words.training("word-rate", context.data()); // refused before the first step
        return 0;
    }

    @Override
    public void measure(WordSettings settings, List<Sample> samples, ProgramContext context, Measurements out) {
        Map<String, Long> unknown = new HashMap<>();
        long words = 0;
        int longest = 0;
        for (String text : Words.texts(samples)) {
            for (String word : Words.of(text, settings.letters())) {
                unknown.merge(word, 1L, Long::sum);
                words++;
                longest = Math.max(longest, word.length());
            }
        }
        long[] known = new long[1];
        // Twice, since a word may be shorter in lower case.
        WordReader reader = new WordReader(settings.letters(), 2 * longest, word -> {
            Long count = unknown.remove(word);
            known[0] += count == null ? 0 : count;
        });
        Words.readTraining("word-rate", context.data(), out, part -> {
            reader.read(part);
            return !unknown.isEmpty();
        });
        reader.end();
        out.put("word-rate", words == 0 ? 0 : known[0] / (double) words);
        out.put("word-rate/words", words);
    }
}
