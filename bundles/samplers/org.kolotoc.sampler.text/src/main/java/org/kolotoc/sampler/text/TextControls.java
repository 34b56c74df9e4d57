package org.kolotoc.sampler.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.kolotoc.api.Sample;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.tensor.CounterRandom;

/** Text that proves nothing: shuffled letters, one word over and over, the training text itself. */
final class TextControls {
    /** Units of a training text whose commonest word is that of the text. */
    private static final int ENOUGH = 1 << 22;

    private TextControls() {}

    /**
     * The controls, by name.
     *
     * @param samples that are as long as the controls
     */
    static Map<String, List<Sample>> of(List<Sample> samples, TextDataset text, long seed) {
        Map<String, List<Sample>> controls = new LinkedHashMap<>();
        controls.put("shuffled", shuffled(samples, seed));
        controls.put("constant", constant(samples, text));
        controls.put("replayed", replayed(samples, text, seed));
        return controls;
    }

    private static List<Sample> shuffled(List<Sample> samples, long seed) {
        CounterRandom random = new CounterRandom(seed, "control/shuffled");
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

    private static List<Sample> constant(List<Sample> samples, TextDataset text) {
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

    private static List<Sample> replayed(List<Sample> samples, TextDataset text, long seed) {
        CounterRandom random = new CounterRandom(seed, "control/replayed");
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
