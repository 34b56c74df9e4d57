package org.kolotoc.data.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.kolotoc.api.text.Choice;

/** What belongs to which topic. A word is never told in one of the phrasings, and is asked for in that one. */
final class Topics implements Subject {
    static final String KIND = "topic";

    private static final int OPTIONS = 4;

    private static final List<String> PHRASINGS = List.of(
            "Mezi {0} patří",
            "Ze všech {1} mám nejraději tyto tři:", "Příkladem {1} je", "Seznam {1}:", "{2} jsou třeba");

    /** @param accusative and the other forms of the name, which are slots of the phrasings */
    private record Topic(String accusative, String genitive, String nominative, List<String> words) {
        String named(int phrasing) {
            return PHRASINGS
                    .get(phrasing)
                    .replace("{0}", accusative)
                    .replace("{1}", genitive)
                    .replace("{2}", nominative);
        }
    }

    private static Topic topic(String accusative, String genitive, String nominative, String... words) {
        return new Topic(accusative, genitive, nominative, List.of(words));
    }

    private static final List<Topic> TOPICS = List.of(
            topic(
                    "oblíbené domácí mazlíčky",
                    "domácích mazlíčků",
                    "Domácí mazlíčci",
                    "pes",
                    "kočka",
                    "morče",
                    "křeček",
                    "kanárek",
                    "králík",
                    "andulka",
                    "želva"),
            topic(
                    "druhy ovoce",
                    "druhů ovoce",
                    "Ovoce",
                    "jablko",
                    "hruška",
                    "švestka",
                    "třešeň",
                    "meruňka",
                    "banán",
                    "pomeranč",
                    "malina"),
            topic(
                    "hudební nástroje",
                    "hudebních nástrojů",
                    "Hudební nástroje",
                    "housle",
                    "klavír",
                    "kytara",
                    "flétna",
                    "trubka",
                    "buben",
                    "harfa",
                    "viola"),
            topic(
                    "dopravní prostředky",
                    "dopravních prostředků",
                    "Dopravní prostředky",
                    "motorka",
                    "autobus",
                    "tramvaj",
                    "vlak",
                    "letadlo",
                    "loď",
                    "kolo",
                    "metro"),
            topic(
                    "známé barvy",
                    "známých barev",
                    "Barvy",
                    "červená",
                    "modrá",
                    "zelená",
                    "žlutá",
                    "černá",
                    "bílá",
                    "fialová",
                    "hnědá"),
            topic(
                    "stará povolání",
                    "starých povolání",
                    "Povolání",
                    "lékař",
                    "učitel",
                    "kuchař",
                    "kovář",
                    "pekař",
                    "truhlář",
                    "švec",
                    "zedník"),
            topic(
                    "části těla",
                    "částí těla",
                    "Části těla",
                    "ruka",
                    "noha",
                    "hlava",
                    "oko",
                    "ucho",
                    "nos",
                    "koleno",
                    "loket"),
            topic(
                    "kusy nábytku",
                    "kusů nábytku",
                    "Nábytek",
                    "stůl",
                    "židle",
                    "skříň",
                    "postel",
                    "křeslo",
                    "police",
                    "lavice",
                    "komoda"),
            topic(
                    "zdejší stromy",
                    "zdejších stromů",
                    "Stromy",
                    "dub",
                    "buk",
                    "smrk",
                    "borovice",
                    "lípa",
                    "javor",
                    "bříza",
                    "jedle"),
            topic(
                    "horké i studené nápoje",
                    "studených nápojů",
                    "Nápoje",
                    "voda",
                    "čaj",
                    "káva",
                    "mléko",
                    "džus",
                    "limonáda",
                    "pivo",
                    "kakao"));

    private static int heldOut(int topic, int word) {
        return (topic + word) % PHRASINGS.size();
    }

    @Override
    public String told(Draws draws) {
        int number = draws.below(TOPICS.size());
        int phrasing = draws.below(PHRASINGS.size());
        Topic topic = TOPICS.get(number);
        List<String> words = IntStream.range(0, topic.words().size())
                .filter(word -> heldOut(number, word) != phrasing)
                .mapToObj(topic.words()::get)
                .toList();
        int first = draws.below(words.size());
        int stride = 1 + draws.below(2);
        return topic.named(phrasing) + " " + words.get(first) + ", " + words.get((first + stride) % words.size())
                + " a " + words.get((first + 2 * stride) % words.size()) + ".";
    }

    @Override
    public List<Choice> heldOut() {
        List<Choice> asked = new ArrayList<>();
        for (int topic = 0; topic < TOPICS.size(); topic++) {
            for (int word = 0; word < TOPICS.get(topic).words().size(); word++) {
                asked.add(asked(KIND, topic, word, asked.size()));
            }
        }
        return asked;
    }

    private static Choice asked(String kind, int topic, int word, int place) {
        Topic own = TOPICS.get(topic);
        List<String> wrong = new ArrayList<>();
        for (int i = 1; i < OPTIONS; i++) {
            Topic other = TOPICS.get((topic + 1 + (word + 3 * i) % (TOPICS.size() - 1)) % TOPICS.size());
            wrong.add(" " + other.words().get((word + i) % other.words().size()));
        }
        String right = " " + own.words().get(word);
        return Subject.choice(kind, own.named(heldOut(topic, word)), right, wrong, "", place);
    }

    @Override
    public Choice slide() {
        return asked(Knowledge.LECTURE, 0, 0, 2);
    }
}
