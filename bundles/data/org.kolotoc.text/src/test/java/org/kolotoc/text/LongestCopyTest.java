package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Settings;
import org.kolotoc.tck.MetricConformance;
import org.kolotoc.tensor.CounterRandom;

class LongestCopyTest extends MetricConformance<Settings.None> {
    @Override
    protected Metric<Settings.None> metric() {
        return new LongestCopy();
    }

    @Override
    protected Settings.None settings() {
        return new Settings.None();
    }

    @Override
    protected String id() {
        return "longest-copy";
    }

    @Override
    protected List<Sample> high() {
        return List.of(Sample.text("He said: cat sat on the mat. the cat"));
    }

    @Override
    protected List<Sample> low() {
        return List.of(Sample.text("Tac eht tas."));
    }

    @Test
    void theLongestStretchOfAnySampleCounts() {
        assertEquals("cat sat".length(), of("xxcat satyy", "the"), 0);
        assertEquals(0, of("XYZ"), 0);
        assertEquals(0, of(""), 0);
    }

    @Test
    void itIsTheLongestOfAllCommonStretches() {
        CounterRandom random = new CounterRandom(1, "strings");
        for (int i = 0; i < 300; i++) {
            String one = string(random, 100L * i, i % 30);
            String other = string(random, 100L * i + 50, i % 41);
            int longest = 0;
            for (int from = 0; from < one.length(); from++) {
                for (int to = from + longest + 1; to <= one.length() && other.contains(one.substring(from, to)); to++) {
                    longest = to - from;
                }
            }
            assertEquals(longest, longest(other, one), () -> one + " and " + other);
            assertEquals(longest, longest(one, other), () -> other + " and " + one);
        }
    }

    /** Of any of some texts, and never across the end of one. */
    @Test
    void textsAreLookedForTogetherAndApart() {
        CounterRandom random = new CounterRandom(2, "strings");
        for (int i = 0; i < 200; i++) {
            String reader = string(random, 100_000L + 200L * i, 40);
            String[] texts = new String[1 + i % 4];
            for (int j = 0; j < texts.length; j++) {
                texts[j] = string(random, 300_000L + 200L * i + 20L * j, (i + j) % 12);
            }
            int expected = 0;
            for (String text : texts) {
                expected = Math.max(expected, longest(reader, text));
            }
            assertEquals(expected, longest(reader, texts), () -> reader + " and " + List.of(texts));
        }
    }

    /** So long that each has an automaton of its own. */
    @Test
    void theLongestOfAllIsFoundAlsoWhereTheyAreTooLongToBeLookedForTogether() {
        String copy = "cat sat on the mat";
        for (int place = 0; place < 3; place++) {
            String[] texts = {"z".repeat(600_000), "y".repeat(600_000), "x".repeat(600_000)};
            texts[place] += copy;
            assertEquals(copy.length(), of(texts), 0, "in text " + place);
        }
    }

    private static int longest(String reader, String... texts) {
        SuffixAutomaton automaton = new SuffixAutomaton(List.of(texts));
        for (int at = 0; at < reader.length(); at += 3) {
            automaton.read(reader.substring(at, Math.min(reader.length(), at + 3)));
        }
        return automaton.longest();
    }

    private static String string(CounterRandom random, long index, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.integer(index + i, 3)));
        }
        return text.toString();
    }

    private double of(String... texts) {
        List<Sample> samples = List.of(texts).stream().map(Sample::text).toList();
        return measured(samples).get(id());
    }
}
