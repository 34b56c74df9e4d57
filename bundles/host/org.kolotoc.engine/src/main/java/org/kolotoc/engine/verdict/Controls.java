package org.kolotoc.engine.verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.engine.Workbench;
import org.kolotoc.tensor.CounterRandom;

/**
 * Evidence that the criteria must refuse, measured by the same judges: weights before the first step, the training text
 * itself, shuffled text, one word over and over.
 */
public final class Controls {
    /** Units of a training text whose commonest word is that of the text. */
    private static final int ENOUGH = 1 << 22;

    private final Workbench bench;
    private final Evidence run;
    private final List<Sample> samples;
    private final UnaryOperator<Measurements> told;

    /**
     * Controls for a finished run.
     *
     * @param run what it measured
     * @param samples its last samples; empty if it wrote none
     * @param told lets people hear how far measurements are
     */
    public Controls(Workbench bench, Evidence run, List<Sample> samples, UnaryOperator<Measurements> told) {
        this.bench = bench;
        this.run = run;
        this.samples = samples;
        this.told = told;
    }

    /** The controls that make sense for this run, by name. */
    public Map<String, Evidence> all() {
        Map<String, Evidence> controls = new LinkedHashMap<>();
        controls.put("untrained", new Instead(metric -> run.value(metric, 0)));
        if (bench.data() instanceof TextDataset text) {
            controls.put("shuffled", instead(shuffledLoss(), judged(shuffled())));
            if (!samples.isEmpty()) {
                // The loss stays that of the run: the samples alone have to give these away.
                controls.put("constant", instead(Map.of(), judged(constant(text))));
                controls.put("replayed", instead(Map.of(), judged(replayed(text))));
            }
        }
        return controls;
    }

    private Evidence instead(Map<String, Double> losses, Map<String, Double> judgements) {
        Map<String, Double> replaced = new HashMap<>(losses);
        replaced.putAll(judgements);
        return new Instead(metric -> Optional.ofNullable(replaced.get(metric)));
    }

    /** The run's evidence with what it measured last replaced: the criteria of the end alone have to notice. */
    private final class Instead implements Evidence {
        private final Function<String, Optional<Double>> replaced;

        Instead(Function<String, Optional<Double>> replaced) {
            this.replaced = replaced;
        }

        @Override
        public Optional<Double> value(String metric, long step) {
            boolean last = step < 0 || step == bench.steps();
            Optional<Double> other = last ? replaced.apply(metric) : Optional.empty();
            return other.isPresent() ? other : run.value(metric, step);
        }

        @Override
        public List<Double> series(String metric) {
            List<Double> series = new ArrayList<>(run.series(metric));
            if (!series.isEmpty()) {
                replaced.apply(metric).ifPresent(value -> series.set(series.size() - 1, value));
            }
            return series;
        }
    }

    private Map<String, Double> judged(List<Sample> others) {
        Map<String, Double> measured = new HashMap<>();
        if (!others.isEmpty()) {
            bench.judge(others, told.apply(measured::put));
        }
        return measured;
    }

    private Map<String, Double> shuffledLoss() {
        Map<String, Double> measured = new HashMap<>();
        try (Training training = bench.lastPhaseOver(new ShuffledTargets(bench.data()))) {
            training.evaluate(told.apply(measured::put));
        }
        return measured;
    }

    private List<Sample> shuffled() {
        CounterRandom random = new CounterRandom(bench.experiment().seed(), "control/shuffled");
        List<Sample> shuffled = new ArrayList<>();
        long draw = 0;
        for (Sample sample : samples) {
            int[] letters = sample.text().codePoints().toArray();
            for (int i = letters.length - 1; i > 0; i--) {
                int other = random.integer(draw++, i + 1);
                int letter = letters[i];
                letters[i] = letters[other];
                letters[other] = letter;
            }
            shuffled.add(Sample.text(new String(letters, 0, letters.length)));
        }
        return shuffled;
    }

    private List<Sample> constant(TextDataset text) {
        Text training = text.text("train");
        String beginning = training.excerpt(0, (int) Math.min(training.length(), ENOUGH));
        Map<String, Long> words = Arrays.stream(beginning.split("[^\\p{L}]+"))
                .filter(word -> word.length() >= 3)
                .collect(Collectors.groupingBy(word -> word, Collectors.counting()));
        String commonest = words.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse("the");
        return samples.stream()
                .map(sample -> Sample.text(
                        (commonest + " ").repeat(Math.max(1, sample.text().length() / (commonest.length() + 1)))))
                .toList();
    }

    private List<Sample> replayed(TextDataset text) {
        CounterRandom random = new CounterRandom(bench.experiment().seed(), "control/replayed");
        Text training = text.text("train");
        List<Sample> excerpts = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            int length = (int) Math.min(samples.get(i).text().length(), training.length());
            long start = random.integer(i, training.length() - length + 1);
            excerpts.add(Sample.text(training.excerpt(start, length)));
        }
        return excerpts;
    }
}
