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
 * {@code self-bleu}: how alike the samples are, the mean of each one's BLEU-4 against all the others, of words of at least
 * {@code letters} letters; 1 where all are the same, 0 where none has four words in a row of another or there are fewer
 * than two. Besides {@code distinct-2} and {@code distinct-3}, different pairs and triples of words divided by all.
 */
@Component
@Seat(kind = Seat.METRIC, id = "self-bleu", summary = "how alike the samples are, by BLEU-4 against each other")
public final class SelfBleu implements Metric<WordSettings> {
    private static final String ID = "self-bleu";

    @Override
    public Class<WordSettings> settings() {
        return WordSettings.class;
    }

    @Override
    public List<Measure> measures(WordSettings settings) {
        return List.of(
                Measure.evaluation(ID, "", Measure.Better.LOWER),
                Measure.evaluation(ID + "/distinct-2", "", Measure.Better.HIGHER),
                Measure.evaluation(ID + "/distinct-3", "", Measure.Better.HIGHER));
    }

    @Override
    public void measure(WordSettings settings, List<Sample> samples, ProgramContext context, Measurements out) {
        List<List<String>> texts = Words.texts(samples).stream()
                .map(text -> Words.of(text, settings.letters()))
                .toList();
        out.put(ID, texts.size() < 2 ? 0 : Diversity.selfBleu4(texts, 0));
        out.put(ID + "/distinct-2", Diversity.distinct(texts, 2));
        out.put(ID + "/distinct-3", Diversity.distinct(texts, 3));
    }
}
