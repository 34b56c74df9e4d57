package org.kolotoc.data.verse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Any text as lines of verse, which end where a line does or at a slash. It knows nothing of who wrote it.
 *
 * @param lines without empty ones
 */
public record Stanza(List<String> lines) {
    /** What rhymes are worth beside metre, of 1. */
    private static final double RHYME = 0.6;

    /** Syllables of a line, below and above which nothing is a metre. */
    private static final int SHORTEST = 4;

    private static final int LONGEST = 16;

    private static final Pattern WORD = Pattern.compile("\\p{L}+");

    public Stanza {
        lines = List.copyOf(lines);
    }

    public static Stanza of(String text) {
        return new Stanza(Arrays.stream(text.split("\\R|/"))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList());
    }

    /** A letter a line: that of the first line before which it rhymes with, else the next one that is free. */
    public String scheme() {
        List<Sound> ends = lines.stream().map(Stanza::end).toList();
        StringBuilder scheme = new StringBuilder();
        char free = 'A';
        for (int line = 0; line < ends.size(); line++) {
            int before = 0;
            while (before < line && !ends.get(line).rhymes(ends.get(before))) {
                before++;
            }
            scheme.append(before < line ? scheme.charAt(before) : free++);
        }
        return scheme.toString();
    }

    /** Syllables of each line. */
    public List<Integer> metre() {
        return lines.stream().map(Stanza::syllables).toList();
    }

    /** Whether a line has this word, in any case. */
    public boolean has(String word) {
        return lines.stream().anyMatch(line -> words(line).stream().anyMatch(word::equalsIgnoreCase));
    }

    /** Whether it has the form that is judged. */
    public boolean hasFourLines() {
        return lines.size() == 4;
    }

    /** Rhyme and metre from 0 to 1, of which rhyme is worth {@value #RHYME}. 0 of other than four lines. */
    public double quality() {
        return hasFourLines() ? RHYME * rhyme() + (1 - RHYME) * scan() : 0;
    }

    /** The share of couplets that rhyme, in the form in which most do. */
    private double rhyme() {
        List<Sound> ends = lines.stream().map(Stanza::end).toList();
        double most = 0;
        for (Form form : Form.values()) {
            double rhyming = 0;
            for (int line = 0; line < ends.size(); line++) {
                rhyming += ends.get(line).rhymes(ends.get(form.partner(line))) ? 1 : 0;
            }
            most = Math.max(most, rhyming / ends.size());
        }
        return most;
    }

    /** The share of other lines that have as many syllables as one, for the commonest number; of lines that end alike one counts. */
    private double scan() {
        Map<Integer, Set<String>> ends = new HashMap<>();
        for (String line : lines) {
            int syllables = syllables(line);
            if (syllables >= SHORTEST && syllables <= LONGEST) {
                ends.computeIfAbsent(syllables, _ -> new HashSet<>())
                        .add(end(line).word());
            }
        }
        int most = ends.values().stream().mapToInt(Set::size).max().orElse(1);
        return (most - 1.0) / (lines.size() - 1);
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    private static Sound end(String line) {
        List<String> words = words(line);
        return Sound.of(words.isEmpty() ? "" : words.getLast());
    }

    private static int syllables(String line) {
        return words(line).stream().mapToInt(word -> Sound.of(word).syllables()).sum();
    }
}
