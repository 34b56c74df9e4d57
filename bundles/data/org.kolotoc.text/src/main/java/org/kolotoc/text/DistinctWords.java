package org.kolotoc.text;

import java.util.List;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.nn.statistics.Diversity;
import org.osgi.service.component.annotations.Component;

/**
 * {@code distinct-words}: different words of at least {@code letters} letters in the samples, divided by all such words
 * (Li et al., arXiv:1510.03055, distinct-1); 0 where there is none. A sample that says one word again and again has
 * almost 0. The share falls with the amount of text, so compare samples of equal length only.
 */
@Component
@Seat(kind = Seat.METRIC, id = "distinct-words", summary = "different words in the samples divided by all words")
public final class DistinctWords implements Metric<WordSettings> {
    @Override
    public Class<WordSettings> settings() {
        return WordSettings.class;
    }

    @Override
    public List<Measure> measures(WordSettings settings) {
        return List.of(Measure.evaluation("distinct-words", "", Measure.Better.HIGHER));
    }

    @Override
    public void measure(WordSettings settings, List<Sample> samples, ProgramContext context, Measurements out) {
        List<String> words = Words.texts(samples).stream()
                .flatMap(text -> Words.of(text, settings.letters()).stream())
                .toList();
        out.put("distinct-words", Diversity.distinct(List.of(words), 1));
    }
}
