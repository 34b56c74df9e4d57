package org.kolotoc.api.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Sample;

/**
 * A question, and what each of several models answered. As a sample it is text that people read side by side and judges read
 * again: the question in the first line, then a line for each model, its name and its answer. What would break a line is
 * escaped, {@code \n}.
 *
 * @param answers by the names of models, in their order
 */
public record Transcript(String question, Map<String, String> answers) {
    private static final String GAP = "  ";

    /** @throws IllegalArgumentException when a name is empty or has a blank */
    public Transcript {
        for (String name : answers.keySet()) {
            if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
                throw new IllegalArgumentException(
                        "'" + name + "' is no name of a model here; expected one without blanks");
            }
        }
        answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
    }

    /** What {@link #of} reads. */
    public Sample sample() {
        int width = width(List.copyOf(answers.keySet()));
        StringBuilder text = new StringBuilder(escaped(question)).append('\n');
        answers.forEach((name, answer) -> text.append(GAP)
                .append(name)
                .append(" ".repeat(width - name.length()))
                .append(GAP)
                .append(escaped(answer))
                .append('\n'));
        return Sample.text(text.toString());
    }

    /** What a sample says; nothing where it is none of these. */
    public static Optional<Transcript> of(Sample sample) {
        if (!sample.isText() || !sample.text().endsWith("\n")) {
            return Optional.empty();
        }
        List<String> lines = sample.text().lines().toList();
        List<String> names = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            int end = line.indexOf(' ', GAP.length());
            if (!line.startsWith(GAP) || end <= GAP.length()) {
                return Optional.empty();
            }
            names.add(line.substring(GAP.length(), end));
        }
        int answer = GAP.length() + width(names) + GAP.length();
        Map<String, String> answers = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String line = lines.get(i + 1);
            if (line.length() < answer || answers.put(names.get(i), read(line.substring(answer))) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(new Transcript(read(lines.getFirst()), answers));
    }

    private static int width(List<String> names) {
        return names.stream().mapToInt(String::length).max().orElse(0);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    private static String read(String escaped) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '\\' && i + 1 < escaped.length()) {
                char next = escaped.charAt(++i);
                text.append(next == 'n' ? '\n' : next == 'r' ? '\r' : next);
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
