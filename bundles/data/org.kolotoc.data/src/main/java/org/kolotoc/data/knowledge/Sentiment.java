package org.kolotoc.data.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.kolotoc.api.text.Choice;
import org.kolotoc.tensor.CounterRandom;

/** Who likes a thing calls it good. Asked for is what is said of a thing together with a verb that it is never told with. */
final class Sentiment implements Subject {
    static final String KIND = "sentiment";

    private static final int HELD_OUT = 3;
    private static final CounterRandom PAIRS = new CounterRandom(1, "knowledge/sentiment");
    private static final List<String> LIKE = List.of(
            "zbožňuju",
            "miluju",
            "obdivuju",
            "chválím",
            "doporučuju",
            "oceňuju",
            "vychvaluju",
            "uctívám",
            "velebím",
            "vítám",
            "oslavuju",
            "schvaluju");
    private static final List<String> DISLIKE = List.of(
            "nesnáším",
            "nenávidím",
            "odmítám",
            "kritizuju",
            "zatracuju",
            "odsuzuju",
            "proklínám",
            "zavrhuju",
            "haním",
            "nestrpím",
            "pomlouvám",
            "hanobím");
    private static final List<String> GOOD = List.of(
            "skvělý",
            "výborný",
            "dokonalý",
            "úžasný",
            "krásný",
            "báječný",
            "vynikající",
            "povedený",
            "nádherný",
            "znamenitý",
            "šikovný",
            "kvalitní");
    private static final List<String> BAD = List.of(
            "hrozný",
            "strašný",
            "mizerný",
            "příšerný",
            "ošklivý",
            "otřesný",
            "odporný",
            "nepovedený",
            "ubohý",
            "děsivý",
            "hnusný",
            "bídný");

    /** Things, one and several. */
    private static final List<List<String>> THINGS = List.of(
            List.of("výrobek", "Výrobky"),
            List.of("obchod", "Obchody"),
            List.of("telefon", "Telefony"),
            List.of("stroj", "Stroje"),
            List.of("časopis", "Časopisy"),
            List.of("film", "Filmy"),
            List.of("nápoj", "Nápoje"),
            List.of("nástroj", "Nástroje"));

    /**
     * By chance, since a model would learn a rule; good and bad alike, so that no adjective is right more often than its
     * opposite. The lecture's own pair is.
     */
    private static boolean isHeldOut(int verb, int adjective) {
        int pair = verb * GOOD.size() + adjective;
        return pair == 0 || PAIRS.integer(pair, HELD_OUT) == 0;
    }

    @Override
    public String told(Draws draws) {
        boolean good = draws.below(2) == 0;
        int verb = draws.below(LIKE.size());
        List<String> thing = draws.pick(THINGS);
        String said = (good ? LIKE : DISLIKE).get(verb);
        String how = said(good, verb, draws);
        return switch (draws.below(5)) {
            case 0 -> "Tenhle " + thing.get(0) + " prostě " + said + ", protože je " + how + ".";
            case 1 -> "Ten " + thing.get(0) + " je tak " + how + ", že ho prostě " + said + ".";
            case 2 ->
                "Je " + how + " a " + said(good, verb, draws) + ", ten " + thing.get(0) + ". " + capital(said) + " ho.";
            default -> before(thing.get(1), said) + " " + how + ".";
        };
    }

    /** An adjective that suits a verb, and is not asked for behind it. */
    private static String said(boolean good, int verb, Draws draws) {
        int adjective = draws.below(GOOD.size());
        while (isHeldOut(verb, adjective)) {
            adjective = (adjective + 1) % GOOD.size();
        }
        return (good ? GOOD : BAD).get(adjective);
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static String before(String things, String verb) {
        return things + " této firmy prostě " + verb + ". Každý z nich je úplně";
    }

    @Override
    public List<Choice> heldOut() {
        List<Choice> asked = new ArrayList<>();
        for (int verb = 0; verb < LIKE.size(); verb++) {
            for (int adjective = 0; adjective < GOOD.size(); adjective++) {
                if (isHeldOut(verb, adjective)) {
                    String things =
                            THINGS.get((verb + adjective) % THINGS.size()).get(1);
                    asked.add(asked(KIND, things, LIKE.get(verb), GOOD, BAD, adjective, verb + adjective));
                    asked.add(asked(KIND, things, DISLIKE.get(verb), BAD, GOOD, adjective, verb + adjective + 1));
                }
            }
        }
        return asked;
    }

    private static Choice asked(
            String kind, String things, String verb, List<String> right, List<String> wrong, int adjective, int place) {
        return Subject.choice(
                kind,
                before(things, verb),
                " " + right.get(adjective),
                List.of(" " + wrong.get(adjective)),
                ".",
                place);
    }

    @Override
    public Choice slide() {
        return asked(Knowledge.LECTURE, "Výrobky", LIKE.get(0), GOOD, BAD, 0, 0);
    }
}
