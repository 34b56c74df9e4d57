package org.kolotoc.text;

import java.util.List;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.osgi.service.component.annotations.Component;

/**
 * {@code longest-copy}: characters (UTF-16 units) of the longest stretch of any sample that stands word for word,
 * spaces and line ends included, in the training text. A model that learned has short ones, a tape recorder long ones.
 */
@Component
@Seat(kind = Seat.METRIC, id = "longest-copy", summary = "longest verbatim copy from the training text, in characters")
public final class LongestCopy implements Metric<Settings.None> {
    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public List<Measure> measures(Settings.None settings) {
        return List.of(Measure.evaluation("longest-copy", "characters", Measure.Better.LOWER));
    }

    @Override
    public void measure(Settings.None settings, List<Sample> samples, Dataset data, Measurements out) {
        String training = Words.trainingText("longest-copy", data);
        int longest = 0;
        for (String text : Words.texts(samples)) {
            longest = Math.max(longest, longest(text, training));
        }
        out.put("longest-copy", longest);
    }

    /**
     * Length of the longest substring of one text that occurs in another, in time linear in both: the suffix automaton
     * of the shorter one (Blumer et al. 1985) reads the longer one.
     */
    static int longest(String one, String other) {
        String text = one.length() <= other.length() ? one : other;
        String reader = one.length() <= other.length() ? other : one;
        return new SuffixAutomaton(text).longestIn(reader);
    }
}
