package org.kolotoc.data.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.kolotoc.api.text.Choice;

/**
 * Prepositions and the cases that they take. A noun stands in each case behind some verbs, and is asked for behind others:
 * the preposition has to suit both.
 */
final class Syntax implements Subject {
    static final String KIND = "syntax";

    /** Prepositions in the order of the cases of a {@link Noun}: locative, genitive, dative, instrumental. */
    private static final List<String> PREPOSITIONS = List.of(" v", " do", " k", " před");

    private static final int HELD_OUT = 5;

    /** Which cases may stand behind it, besides what the verb says. */
    private record Frame(String before, int... cases) {}

    private static final List<Frame> FRAMES = List.of(
            new Frame("Tašku jsem si nechal", 0, 3),
            new Frame("Včera jsme se sešli", 0, 3),
            new Frame("Celý den čekal", 0, 3),
            new Frame("Potkali jsme souseda", 0, 3),
            new Frame("Zítra pojedeme", 1, 2),
            new Frame("Děti se vydaly", 1, 2),
            new Frame("Ráno spěchám", 1, 2),
            new Frame("Přivedl nás", 1, 2),
            new Frame("Zaparkoval auto", 0, 3),
            new Frame("Nesla ten košík", 1, 2),
            new Frame("Kolo jsem nechala", 0, 3),
            new Frame("Odvezli ho", 1, 2));

    /** In the cases in their order. */
    private record Noun(String... cases) {}

    private static final List<Noun> NOUNS = List.of(
            new Noun("práci", "práce", "práci", "prací"),
            new Noun("hospodě", "hospody", "hospodě", "hospodou"),
            new Noun("nemocnici", "nemocnice", "nemocnici", "nemocnicí"),
            new Noun("pekárně", "pekárny", "pekárně", "pekárnou"),
            new Noun("továrně", "továrny", "továrně", "továrnou"),
            new Noun("lékárně", "lékárny", "lékárně", "lékárnou"),
            new Noun("restauraci", "restaurace", "restauraci", "restaurací"),
            new Noun("budově", "budovy", "budově", "budovou"),
            new Noun("chatě", "chaty", "chatě", "chatou"),
            new Noun("jídelně", "jídelny", "jídelně", "jídelnou"),
            new Noun("učebně", "učebny", "učebně", "učebnou"),
            new Noun("čekárně", "čekárny", "čekárně", "čekárnou"),
            new Noun("tělocvičně", "tělocvičny", "tělocvičně", "tělocvičnou"),
            new Noun("cukrárně", "cukrárny", "cukrárně", "cukrárnou"),
            new Noun("obchodě", "obchodu", "obchodu", "obchodem"),
            new Noun("hotelu", "hotelu", "hotelu", "hotelem"),
            new Noun("domě", "domu", "domu", "domem"),
            new Noun("lese", "lesa", "lesu", "lesem"),
            new Noun("parku", "parku", "parku", "parkem"),
            new Noun("dílně", "dílny", "dílně", "dílnou"),
            new Noun("chalupě", "chalupy", "chalupě", "chalupou"),
            new Noun("ordinaci", "ordinace", "ordinaci", "ordinací"),
            new Noun("pobočce", "pobočky", "pobočce", "pobočkou"),
            new Noun("garáži", "garáže", "garáži", "garáží"),
            new Noun("kině", "kina", "kinu", "kinem"),
            new Noun("muzeu", "muzea", "muzeu", "muzeem"),
            new Noun("divadle", "divadla", "divadlu", "divadlem"),
            new Noun("autě", "auta", "autu", "autem"),
            new Noun("bytě", "bytu", "bytu", "bytem"),
            new Noun("klubu", "klubu", "klubu", "klubem"));

    private static boolean isHeldOut(int frame, int noun) {
        return (frame + noun) % HELD_OUT == 0;
    }

    @Override
    public String told(Draws draws) {
        int frame = draws.below(FRAMES.size());
        int noun = draws.below(NOUNS.size());
        if (isHeldOut(frame, noun)) {
            noun = (noun + 1) % NOUNS.size();
        }
        int[] cases = FRAMES.get(frame).cases();
        return text(frame, noun, cases[draws.below(cases.length)]);
    }

    private static String text(int frame, int noun, int which) {
        return FRAMES.get(frame).before() + PREPOSITIONS.get(which) + behind(noun, which);
    }

    private static String behind(int noun, int which) {
        return " " + NOUNS.get(noun).cases()[which] + ".";
    }

    @Override
    public List<Choice> heldOut() {
        List<Choice> asked = new ArrayList<>();
        for (int frame = 0; frame < FRAMES.size(); frame++) {
            for (int noun = 0; noun < NOUNS.size(); noun++) {
                if (isHeldOut(frame, noun)) {
                    int[] cases = FRAMES.get(frame).cases();
                    int which = cases[(frame + noun / HELD_OUT) % cases.length];
                    if (isUnambiguous(frame, noun, which)) {
                        asked.add(asked(KIND, frame, noun, which, asked.size()));
                    }
                }
            }
        }
        return asked;
    }

    /** Whether no other preposition that may stand behind the verb takes the same form. */
    private static boolean isUnambiguous(int frame, int noun, int which) {
        return IntStream.of(FRAMES.get(frame).cases())
                .allMatch(other -> other == which || !behind(noun, other).equals(behind(noun, which)));
    }

    private static Choice asked(String kind, int frame, int noun, int which, int place) {
        List<String> wrong = new ArrayList<>(PREPOSITIONS);
        String right = wrong.remove(which);
        return Subject.choice(kind, FRAMES.get(frame).before(), right, wrong, behind(noun, which), place);
    }

    @Override
    public Choice slide() {
        return asked(Knowledge.LECTURE, 0, 0, 0, 1);
    }
}
