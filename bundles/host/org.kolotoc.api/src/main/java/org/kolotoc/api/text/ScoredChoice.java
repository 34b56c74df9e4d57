package org.kolotoc.api.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/**
 * What somebody thinks of the options of a {@link Choice}, in a form that people and judges read: a line for the text with its
 * gap, then one for each option: {@code >} before what was chosen, {@code *} before what is right, how likely it is among the
 * options, and the score that it was chosen by.
 *
 * @param probabilities of the options, which add up to 1
 * @param scores of the options: the highest is chosen
 */
public record ScoredChoice(Choice choice, List<Double> probabilities, List<Double> scores) {
    private static final String GAP = "___";
    private static final Pattern HEAD = Pattern.compile("\\[(.+?)] (.+?)" + GAP + "(.*)");
    private static final Pattern OPTION = Pattern.compile(" {2}[> ]([* ]) (\\d\\.\\d{6}) (\\S+) \\|(.*)");

    public ScoredChoice {
        probabilities = List.copyOf(probabilities);
        scores = List.copyOf(scores);
        if (probabilities.size() != choice.options().size()
                || scores.size() != choice.options().size()) {
            throw new IllegalArgumentException(choice.options().size() + " options have " + probabilities.size()
                    + " probabilities and " + scores.size() + " scores");
        }
    }

    /** The option with the highest score, the first of equal ones. */
    public int chosen() {
        return scores.indexOf(highest());
    }

    private double highest() {
        return scores.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** 1 where the right option alone has the highest score; its share of those that have it where it is one of several; else 0. */
    public double credit() {
        double highest = highest();
        long best = scores.stream().filter(score -> score == highest).count();
        return scores.get(choice.right()) == highest ? 1.0 / best : 0;
    }

    /** The same text, of which somebody else thinks this. */
    public ScoredChoice with(List<Double> otherProbabilities, List<Double> otherScores) {
        return new ScoredChoice(choice, otherProbabilities, otherScores);
    }

    /** Several as a text. */
    public static String written(List<ScoredChoice> several) {
        StringBuilder text = new StringBuilder();
        for (ScoredChoice each : several) {
            Choice choice = each.choice();
            text.append('[').append(choice.kind()).append("] ").append(choice.before());
            text.append(GAP).append(choice.after()).append('\n');
            for (int i = 0; i < choice.options().size(); i++) {
                text.append(String.format(
                        Locale.ROOT,
                        "  %s%s %.6f %.6f |%s\n",
                        i == each.chosen() ? ">" : " ",
                        i == choice.right() ? "*" : " ",
                        each.probabilities().get(i),
                        each.scores().get(i),
                        choice.options().get(i)));
            }
        }
        return text.toString();
    }

    /**
     * Those of a text that {@link #written} made.
     *
     * @throws IllegalArgumentException when it is none; names the line
     */
    public static List<ScoredChoice> read(String text) {
        List<ScoredChoice> several = new ArrayList<>();
        List<String> lines = text.lines().toList();
        int at = 0;
        while (at < lines.size()) {
            Matcher head = matched(HEAD, lines.get(at++));
            List<String> options = new ArrayList<>();
            DoubleStream.Builder probabilities = DoubleStream.builder();
            DoubleStream.Builder scores = DoubleStream.builder();
            int right = -1;
            for (; at < lines.size() && !lines.get(at).startsWith("["); at++) {
                Matcher option = matched(OPTION, lines.get(at));
                right = option.group(1).equals("*") ? options.size() : right;
                probabilities.add(Double.parseDouble(option.group(2)));
                scores.add(Double.parseDouble(option.group(3)));
                options.add(option.group(4));
            }
            several.add(new ScoredChoice(
                    new Choice(head.group(1), head.group(2), options, head.group(3), right),
                    probabilities.build().boxed().toList(),
                    scores.build().boxed().toList()));
        }
        return several;
    }

    private static Matcher matched(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + line + "' is no line of a scored choice, expected " + pattern);
        }
        return matcher;
    }
}
