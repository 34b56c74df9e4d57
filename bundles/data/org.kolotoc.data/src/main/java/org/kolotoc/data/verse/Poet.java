package org.kolotoc.data.verse;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.tensor.CounterRandom;

/**
 * An author of limited skill: of two lines that belong together a share rhymes, and as large a share of all lines scans. What is not
 * to rhyme ends with words of two families, and no family comes twice; what is not to scan has a syllable less or more.
 *
 * @param skill that share
 * @param forms that verses have, at least one
 */
public record Poet(double skill, List<Form> forms) {
    private static final int LINES = 4;

    public Poet {
        forms = List.copyOf(forms);
    }

    /**
     * A verse, and what was said in it.
     *
     * @param theme that it is about
     * @param text four lines, between which there are slashes
     * @param bits the binary logarithm of how unlikely all choices of the author were: what one among
     *     {@code n} costs, and each share, added up
     */
    public record Verse(Theme theme, String text, double bits) {}

    /** Choices one after the other, whose bits add up. */
    private static final class Choices {
        private final CounterRandom random;
        private long made;
        private double bits;

        Choices(CounterRandom random) {
            this.random = random;
        }

        <T> T pick(List<T> list) {
            bits += Annotation.choice(list.size());
            return list.get(random.integer(made++, list.size()));
        }

        boolean happens(double chance) {
            boolean so = random.uniform(made++) < chance;
            bits -= Math.log(so ? chance : 1 - chance) / Math.log(2);
            return so;
        }
    }

    /** A verse about both animals, of which the first opens the first line and the second the third; a function of the random numbers. */
    public Verse verse(Theme theme, CounterRandom random) {
        Choices choices = new Choices(random);
        String[] ends = ends(choices);
        List<String> lines = new ArrayList<>();
        for (int line = 0; line < ends.length; line++) {
            String opening = line == 0
                    ? theme.first().word()
                    : line == 2 ? theme.second().word() : choices.pick(Lexicon.OPENINGS);
            String verb = choices.pick(Lexicon.VERBS);
            String filler = choices.happens(skill)
                    ? " " + choices.pick(Lexicon.FILLERS)
                    : choices.happens(0.5) ? " " + choices.pick(Lexicon.LONG_FILLERS) : "";
            lines.add(opening + " " + verb + filler + " " + ends[line]);
        }
        return new Verse(theme, String.join(" / ", lines), choices.bits);
    }

    private String[] ends(Choices choices) {
        Form form = choices.pick(forms);
        String[] ends = new String[LINES];
        List<List<String>> free = Lexicon.FAMILIES;
        for (int line = 0; line < ends.length; line++) {
            if (ends[line] == null) {
                List<String> family = choices.pick(free);
                free = without(free, family);
                ends[line] = choices.pick(family);
                List<String> others = without(family, ends[line]);
                if (!choices.happens(skill)) {
                    others = choices.pick(free);
                    free = without(free, others);
                }
                ends[form.partner(line)] = choices.pick(others);
            }
        }
        return ends;
    }

    private static <T> List<T> without(List<T> list, T left) {
        return list.stream().filter(each -> !each.equals(left)).toList();
    }
}
