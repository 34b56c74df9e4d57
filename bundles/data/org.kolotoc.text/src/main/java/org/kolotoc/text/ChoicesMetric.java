package org.kolotoc.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.Choice;
import org.kolotoc.api.text.ScoredChoice;
import org.kolotoc.nn.statistics.Interval;
import org.kolotoc.text.ngram.Forecast;
import org.kolotoc.text.ngram.NGrams;
import org.kolotoc.text.ngram.Pieces;
import org.osgi.service.component.annotations.Component;

/**
 * {@code choices}: of the gaps that samples of the sampler {@code choices} fill, the share that is filled with what is right; of
 * several options that seem equally good each is chosen in equal parts. {@code choices/<kind>} is the same of one kind, {@code
 * low} and {@code high} its 95 % interval (Wilson 1927); with {@code ngram} besides how many an n-gram of the training text
 * fills right, and {@code margin}, by how much it is surpassed, of all and by kind. A sample that comes again counts once.
 */
@Component
@Seat(kind = Seat.METRIC, id = "choices", summary = "share of gaps that are filled right, by kind, beside an n-gram")
public final class ChoicesMetric implements Metric<ChoicesMetricSettings> {
    private static final String ID = "choices";

    @Override
    public Class<ChoicesMetricSettings> settings() {
        return ChoicesMetricSettings.class;
    }

    @Override
    public List<Measure> measures(ChoicesMetricSettings settings) {
        List<Measure> measures = new ArrayList<>();
        measures.add(Measure.evaluation(ID, "", Better.HIGHER));
        if (settings.ngram() > 0) {
            addBesideNGram(ID, measures);
        }
        for (String kind : settings.kinds()) {
            String name = ID + "/" + kind;
            measures.add(Measure.evaluation(name, "", Better.HIGHER));
            measures.add(Measure.evaluation(name + "/low", "", Better.HIGHER));
            measures.add(Measure.evaluation(name + "/high", "", Better.HIGHER));
            measures.add(Measure.evaluation(name + "/gaps", "gaps", Better.NEITHER));
            if (settings.ngram() > 0) {
                addBesideNGram(name, measures);
            }
        }
        return measures;
    }

    private static void addBesideNGram(String name, List<Measure> measures) {
        measures.add(Measure.evaluation(name + "/ngram", "", Better.NEITHER));
        measures.add(Measure.evaluation(name + "/margin", "", Better.HIGHER));
    }

    @Override
    public Needs needs(ChoicesMetricSettings settings) {
        return settings.ngram() == 0 ? Metric.super.needs(settings) : Words.TRAINING;
    }

    @Override
    public long bytes(ChoicesMetricSettings settings, ProgramContext context) {
        return settings.ngram() == 0 ? 0 : Forecast.bytes(settings.ngram(), Words.training(ID, context.data()));
    }

    @Override
    public void measure(
            ChoicesMetricSettings settings, List<Sample> samples, ProgramContext context, Measurements out) {
        // More samples than there are kinds are the same gaps again.
        List<ScoredChoice> all = Words.texts(samples).stream()
                .distinct()
                .flatMap(ChoicesMetric::read)
                .filter(each -> settings.kinds().isEmpty()
                        || settings.kinds().contains(each.choice().kind()))
                .toList();
        NGrams ngrams = settings.ngram() > 0 ? Words.ngrams(ID, settings.ngram(), context.data(), out) : null;
        out.put(ID, share(credit(all), all.size()));
        putBesideNGram(ID, all, ngrams, out);
        for (String kind : settings.kinds()) {
            List<ScoredChoice> own = all.stream()
                    .filter(each -> each.choice().kind().equals(kind))
                    .toList();
            if (own.isEmpty() && !samples.isEmpty()) {
                throw InputError.field(
                        "kinds",
                        "the samples have no gap of the kind '" + kind + "'; give the samples as large a \"count\" as"
                                + " there are kinds");
            }
            put(ID + "/" + kind, own, ngrams, out);
        }
    }

    private static Stream<ScoredChoice> read(String text) {
        try {
            return ScoredChoice.read(text).stream();
        } catch (IllegalArgumentException e) {
            throw InputError.of(
                    "the metric 'choices' can't read a sample: " + e.getMessage(),
                    "\"samples\" has to name samples of the sampler 'choices'",
                    e);
        }
    }

    private static void put(String name, List<ScoredChoice> own, NGrams ngrams, Measurements out) {
        double credit = credit(own);
        Interval interval = own.isEmpty() ? new Interval(0, 1) : Interval.wilson(credit, own.size(), 0.95);
        out.put(name, share(credit, own.size()));
        out.put(name + "/low", interval.low());
        out.put(name + "/high", interval.high());
        out.put(name + "/gaps", own.size());
        putBesideNGram(name, own, ngrams, out);
    }

    private static void putBesideNGram(String name, List<ScoredChoice> own, NGrams ngrams, Measurements out) {
        if (ngrams != null) {
            double others =
                    credit(own.stream().map(each -> filled(each, ngrams)).toList());
            out.put(name + "/ngram", share(others, own.size()));
            out.put(name + "/margin", share(credit(own) - others, own.size()));
        }
    }

    private static double share(double part, int all) {
        return all == 0 ? 0 : part / all;
    }

    private static double credit(List<ScoredChoice> choices) {
        return choices.stream().mapToDouble(ScoredChoice::credit).sum();
    }

    /** The same gap filled by an n-gram, which takes the likeliest option, on a line of its own. */
    private static ScoredChoice filled(ScoredChoice scored, NGrams ngrams) {
        Choice choice = scored.choice();
        List<String> before = Pieces.of("\n" + choice.before());
        List<Double> scores = new ArrayList<>();
        for (int option = 0; option < choice.options().size(); option++) {
            scores.add(ngrams.logProbability(before, Pieces.of(choice.behind(option))));
        }
        return scored.with(scored.probabilities(), scores);
    }
}
