package org.kolotoc.data.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.CounterRandom;

/**
 * Some Czech and some French: somebody does something to somebody. Czech marks who is who by case, and has no articles; French
 * has articles by gender, and some of its adjectives stand behind. 38,400 sentences.
 */
final class Dictionary {
    /**
     * A noun.
     *
     * @param subject in Czech, nominative
     * @param object in Czech, accusative
     */
    private record Noun(String subject, String object, String french, boolean feminine) {}

    /**
     * An adjective.
     *
     * @param czech nominative and accusative, masculine, then feminine
     * @param before whether it stands before its noun in French
     */
    private record Adjective(List<String> czech, String masculine, String feminine, boolean before) {
        String czech(boolean isFeminine, boolean isObject) {
            return czech.get((isFeminine ? 2 : 0) + (isObject ? 1 : 0));
        }
    }

    private static final List<Noun> NOUNS = List.of(
            new Noun("pes", "psa", "chien", false),
            new Noun("kůň", "koně", "cheval", false),
            new Noun("medvěd", "medvěda", "ours", false),
            new Noun("soused", "souseda", "voisin", false),
            new Noun("král", "krále", "roi", false),
            new Noun("kočka", "kočku", "chatte", true),
            new Noun("kráva", "krávu", "vache", true),
            new Noun("liška", "lišku", "renarde", true),
            new Noun("sousedka", "sousedku", "voisine", true),
            new Noun("královna", "královnu", "reine", true));

    private static final List<Adjective> ADJECTIVES = List.of(
            hard("mal", "petit", "petite", true),
            hard("velk", "grand", "grande", true),
            hard("star", "vieux", "vieille", true),
            hard("čern", "noir", "noire", false),
            hard("bíl", "blanc", "blanche", false),
            hard("hladov", "affamé", "affamée", false),
            hard("chytr", "rusé", "rusée", false));

    private static final Map<String, String> VERBS = Map.of(
            "vidí", "voit", "hledá", "cherche", "miluje", "aime", "slyší", "entend", "vede", "mène", "zdraví", "salue");

    private static final List<String> CZECH_VERBS =
            VERBS.keySet().stream().sorted().toList();

    private static final Map<String, Noun> SUBJECTS = new HashMap<>();
    private static final Map<String, Noun> OBJECTS = new HashMap<>();
    private static final Map<String, Adjective> DESCRIPTIONS = new HashMap<>();

    static {
        NOUNS.forEach(noun -> SUBJECTS.put(noun.subject(), noun));
        NOUNS.forEach(noun -> OBJECTS.put(noun.object(), noun));
        ADJECTIVES.forEach(adjective -> adjective.czech().forEach(form -> DESCRIPTIONS.put(form, adjective)));
    }

    private Dictionary() {}

    private static Adjective hard(String stem, String masculine, String feminine, boolean before) {
        return new Adjective(List.of(stem + "ý", stem + "ého", stem + "á", stem + "ou"), masculine, feminine, before);
    }

    /** A Czech sentence: {@code malý pes vidí kočku}. */
    static String sentence(CounterRandom random, long number) {
        long at = number << 3;
        List<String> words = new ArrayList<>();
        phrase(random, at, false, words);
        words.add(CZECH_VERBS.get(random.integer(at + 2, CZECH_VERBS.size())));
        phrase(random, at + 3, true, words);
        return String.join(" ", words);
    }

    private static void phrase(CounterRandom random, long at, boolean isObject, List<String> words) {
        Noun noun = NOUNS.get(random.integer(at, NOUNS.size()));
        int adjective = random.integer(at + 1, ADJECTIVES.size() + 1);
        if (adjective < ADJECTIVES.size()) {
            words.add(ADJECTIVES.get(adjective).czech(noun.feminine(), isObject));
        }
        words.add(isObject ? noun.object() : noun.subject());
    }

    /** The French of a sentence: {@code le petit chien voit la chatte}. */
    static String translated(String czech) {
        List<String> words = List.of(czech.split(" "));
        List<String> french = new ArrayList<>();
        int verb = VERBS.containsKey(words.get(1)) ? 1 : 2;
        phrase(words.subList(0, verb), SUBJECTS, french);
        french.add(VERBS.get(words.get(verb)));
        phrase(words.subList(verb + 1, words.size()), OBJECTS, french);
        return String.join(" ", french);
    }

    private static void phrase(List<String> czech, Map<String, Noun> nouns, List<String> french) {
        Noun noun = nouns.get(czech.getLast());
        Adjective adjective = czech.size() > 1 ? DESCRIPTIONS.get(czech.getFirst()) : null;
        String description = adjective == null ? "" : noun.feminine() ? adjective.feminine() : adjective.masculine();
        boolean before = adjective != null && adjective.before();
        if (!before && "aeiou".indexOf(noun.french().charAt(0)) >= 0) {
            french.add("l'" + noun.french());
        } else {
            french.add(noun.feminine() ? "la" : "le");
            if (before) {
                french.add(description);
            }
            french.add(noun.french());
        }
        if (adjective != null && !before) {
            french.add(description);
        }
    }
}
