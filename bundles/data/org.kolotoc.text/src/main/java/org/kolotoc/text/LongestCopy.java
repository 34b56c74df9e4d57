package org.kolotoc.text;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.osgi.service.component.annotations.Component;

/**
 * {@code longest-copy}: characters (UTF-16 units) of the longest stretch of any sample that stands word for word,
 * spaces and line ends included, in the training text. One reading of it, by the suffix automaton of the samples, takes time
 * linear in both (Blumer et al. 1985). A model that learned has short ones, a tape recorder long ones.
 */
@Component
@Seat(kind = Seat.METRIC, id = "longest-copy", summary = "longest verbatim copy from the training text, in characters")
public final class LongestCopy implements Metric<Settings.None> {
    /** Units of the samples that are looked for together: an automaton takes some 70 bytes for each. */
    private static final int TOGETHER = 1 << 20;

    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public List<Measure> measures(Settings.None settings) {
        return List.of(Measure.evaluation("longest-copy", "characters", Measure.Better.LOWER));
    }

    @Override
    public Needs needs(Settings.None settings) {
        return Words.TRAINING;
    }

    @Override
    public long bytes(Settings.None settings, ProgramContext context) {
        Words.training("longest-copy", context.data()); // refused before the first step
        return 0;
    }

    @Override
    public void measure(Settings.None settings, List<Sample> samples, ProgramContext context, Measurements out) {
        int longest = 0;
        for (List<String> texts : groups(Words.texts(samples))) {
            SuffixAutomaton automaton = new SuffixAutomaton(texts);
            Words.readTraining("longest-copy", context.data(), out, part -> {
                automaton.read(part);
                return true;
            });
            longest = Math.max(longest, automaton.longest());
        }
        out.put("longest-copy", longest);
    }

    /** Samples that share an automaton, and so one reading of the training text. */
    private static List<List<String>> groups(List<String> texts) {
        List<List<String>> groups = new ArrayList<>();
        long units = 0;
        for (String text : texts) {
            units += text.length();
            if (groups.isEmpty() || units > TOGETHER) {
                groups.add(new ArrayList<>());
                units = text.length();
            }
            groups.getLast().add(text);
        }
        return groups;
    }
}
