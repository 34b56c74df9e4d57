package org.kolotoc.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.text.ngram.Forecast;
import org.kolotoc.text.ngram.NGrams;
import org.kolotoc.text.ngram.Pieces;
import org.osgi.service.component.annotations.Component;

/**
 * {@code next-words}: how near the tables of the sampler {@code next-words} come to the counts of the training text: the
 * probability that both give to the same words, 1 where they are equal. Besides {@code error}, the largest difference of a word's
 * probability; {@code divergence}, from the counts to the table, in nats; and {@code top}, the share of tables whose first
 * word is the commonest.
 */
@Component
@Seat(
        kind = Seat.METRIC,
        id = "next-words",
        summary = "how near tables of next words come to counts in the training text")
public final class NextWordsMetric implements Metric<NextWordsMetricSettings> {
    private static final String ID = "next-words";

    /** What a word is taken for that no line names: it makes the divergence large. */
    private static final double UNNAMED = 1e-9;

    @Override
    public Class<NextWordsMetricSettings> settings() {
        return NextWordsMetricSettings.class;
    }

    @Override
    public List<Measure> measures(NextWordsMetricSettings settings) {
        if (settings.prompts().isEmpty()) {
            throw InputError.field("prompts", "is empty; expected the prompts of the sampler 'next-words'");
        }
        return List.of(
                Measure.evaluation(ID, "", Better.HIGHER),
                Measure.evaluation(ID + "/error", "", Better.LOWER),
                Measure.evaluation(ID + "/divergence", "nats", Better.LOWER),
                Measure.evaluation(ID + "/top", "", Better.HIGHER));
    }

    @Override
    public Needs needs(NextWordsMetricSettings settings) {
        return Words.TRAINING;
    }

    @Override
    public long bytes(NextWordsMetricSettings settings, ProgramContext context) {
        return Forecast.bytes(order(prompts(settings)), Words.training(ID, context.data()));
    }

    @Override
    public void measure(
            NextWordsMetricSettings settings, List<Sample> samples, ProgramContext context, Measurements out) {
        List<String> tables = Words.texts(samples);
        if (tables.isEmpty()) {
            out.put(ID, 0);
            out.put(ID + "/error", 1);
            out.put(ID + "/divergence", -StrictMath.log(UNNAMED));
            out.put(ID + "/top", 0);
            return;
        }
        List<List<String>> prompts = prompts(settings);
        NGrams ngrams = Words.ngrams(ID, order(prompts), context.data(), out);
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            int prompt = i % prompts.size();
            Map<String, Integer> counts = ngrams.following(prompts.get(prompt));
            if (counts.isEmpty()) {
                throw InputError.field(
                        "prompts[" + prompt + "]",
                        "'" + settings.prompts().get(prompt) + "' is not in the training text, so nothing follows it");
            }
            differences.add(Difference.of(shares(counts), table(tables.get(i))));
        }
        out.put(ID, mean(differences, Difference::common));
        out.put(
                ID + "/error",
                differences.stream().mapToDouble(Difference::error).max().orElseThrow());
        out.put(ID + "/divergence", mean(differences, Difference::divergence));
        out.put(ID + "/top", mean(differences, each -> each.top() ? 1 : 0));
    }

    private static List<List<String>> prompts(NextWordsMetricSettings settings) {
        return settings.prompts().stream().map(Pieces::of).toList();
    }

    /** The longest prompt and what follows it. */
    private static int order(List<List<String>> prompts) {
        return prompts.stream().mapToInt(List::size).max().orElse(0) + 1;
    }

    private static double mean(List<Difference> differences, ToDoubleFunction<Difference> of) {
        return differences.stream().mapToDouble(of).average().orElseThrow();
    }

    private static Map<String, Double> shares(Map<String, Integer> counts) {
        double all = counts.values().stream().mapToInt(Integer::intValue).sum();
        Map<String, Double> shares = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry -> shares.put(entry.getKey(), entry.getValue() / all));
        return shares;
    }

    private static Map<String, Double> table(String table) {
        Map<String, Double> words = new LinkedHashMap<>();
        for (String line : table.lines().toList()) {
            String[] columns = line.split("\t", -1);
            if (columns.length != 2) {
                throw InputError.of(
                        "the metric 'next-words' can't read the line '" + line + "' of a sample",
                        "\"samples\" has to name samples of the sampler 'next-words'");
            }
            if (!columns[1].isEmpty()) {
                words.put(columns[1], Double.parseDouble(columns[0]));
            }
        }
        return words;
    }

    /** @param top whether both have the same first word */
    private record Difference(double common, double error, double divergence, boolean top) {
        /** Both with the likeliest word first. */
        static Difference of(Map<String, Double> counted, Map<String, Double> table) {
            Set<String> all = new HashSet<>(counted.keySet());
            all.addAll(table.keySet());
            double common = 0;
            double error = 0;
            for (String word : all) {
                double one = counted.getOrDefault(word, 0.0);
                double other = table.getOrDefault(word, 0.0);
                common += Math.min(one, other);
                error = Math.max(error, Math.abs(one - other));
            }
            double divergence = 0;
            for (Map.Entry<String, Double> word : counted.entrySet()) {
                double other = Math.max(UNNAMED, table.getOrDefault(word.getKey(), 0.0));
                divergence += word.getValue() * StrictMath.log(word.getValue() / other);
            }
            boolean top = !table.isEmpty()
                    && counted.keySet()
                            .iterator()
                            .next()
                            .equals(table.keySet().iterator().next());
            return new Difference(common, error, divergence, top);
        }
    }
}
