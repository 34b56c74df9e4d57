package org.kolotoc.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;

class GrammarSourceTest extends DataSourceConformance<GrammarSettings> {
    /** What is drawn follows from the order of the texts too: the same in every process. */
    private static final Map<String, Map<String, Integer>> RULES = new TreeMap<>(Map.of(
            "text", new TreeMap<>(Map.of("Okna jsou z {what}.", 3, "Nic.", 1)),
            "what", new TreeMap<>(Map.of("skla", 5, "{wood} a hřebíků", 2)),
            "wood", new TreeMap<>(Map.of("dubu", 1, "smrku", 1))));

    @Override
    protected DataSource<GrammarSettings> source() {
        return new GrammarSource();
    }

    @Override
    protected GrammarSettings settings() {
        return new GrammarSettings(RULES, "text", 280, 56, 5);
    }

    private static GrammarSettings with(String start, String rule, Map<String, Integer> texts) {
        Map<String, Map<String, Integer>> rules = new LinkedHashMap<>(RULES);
        rules.put(rule, texts);
        return new GrammarSettings(rules, start, 280, 56, 5);
    }

    @Override
    protected Stream<Refused<GrammarSettings>> refused() {
        return Stream.of(
                new Refused<>(with("house", "text", Map.of("a", 1)), "start"),
                new Refused<>(with("text", "wood", Map.of("z {tree}", 1)), "rules.wood"),
                new Refused<>(with("text", "wood", Map.of("dub", 0)), "rules.wood"),
                new Refused<>(with("text", "wood", Map.of("dub", -1, "buk", 2)), "rules.wood"),
                new Refused<>(with("text", "tree", Map.of("{tree}!", 1, ".", 1)), "rules.tree"));
    }

    private Map<String, Long> lines(GrammarSettings settings, String split) {
        TextDataset data = (TextDataset) source().open(settings, context());
        StringBuilder text = new StringBuilder();
        data.text(split).forEach(text::append);
        return text.toString().lines().collect(Collectors.groupingBy(line -> line, Collectors.counting()));
    }

    /** Of 4 texts a round, of these 7, of these 2: 280 paragraphs are full rounds of all. */
    @Test
    void everyTextIsThereExactlyAsOftenAsItsRuleSays() {
        for (long seed : new long[] {1, 2}) {
            GrammarSettings settings = new GrammarSettings(RULES, "text", 280, 56, seed);
            assertEquals(
                    Map.of(
                            "Nic.", 70L,
                            "Okna jsou z skla.", 150L,
                            "Okna jsou z dubu a hřebíků.", 30L,
                            "Okna jsou z smrku a hřebíků.", 30L),
                    lines(settings, "train"));
            assertEquals(14, lines(settings, "validation").get("Nic."));
        }
    }

    @Test
    void theOrderIsTheSeeds() {
        TextDataset one = (TextDataset) source().open(settings(), context());
        TextDataset other = (TextDataset) source().open(new GrammarSettings(RULES, "text", 280, 56, 6), context());
        assertNotEquals(one.text("train").excerpt(0, 500), other.text("train").excerpt(0, 500));
    }

    /** A chain of rules, each with so many slots for the next. */
    private static GrammarSettings chain(int rules, int slots) {
        Map<String, Map<String, Integer>> all = new LinkedHashMap<>();
        for (int i = 0; i < rules; i++) {
            all.put("r" + i, Map.of(i + 1 == rules ? "." : ("{r" + (i + 1) + "}").repeat(slots), 1));
        }
        return new GrammarSettings(all, "r0", 2, 1, 5);
    }

    @Test
    void rulesMayStandWithinEachOtherAndTextsAreNoLongerThanCanBeWritten() {
        assertEquals(Map.of(".", 2L), lines(chain(52, 1), "train"));
        assertEquals(Map.of(".".repeat(1024), 2L), lines(chain(11, 2), "train"));
        for (GrammarSettings settings : List.of(chain(5000, 1), chain(64, 2))) {
            String field = assertThrows(InputError.class, () -> source().open(settings, context()))
                    .field();
            assertTrue(field.startsWith("rules.r"), field);
        }
    }
}
