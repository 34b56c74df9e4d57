package org.kolotoc.data.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.text.Choice;

/**
 * Facts about institutions. Each fact is told in all phrasings of its relation but one, and is asked for in that one, which
 * tells such facts of others.
 */
final class Facts implements Subject {
    static final String KIND = "fact";
    /** The kind of facts that an edit changed. */
    static final String EDITED = "edited";

    private static final int OPTIONS = 4;

    private static final List<String> INSTITUTIONS =
            List.of("Hvězdárna", "Muzeum", "Knihovna", "Divadlo", "Galerie", "Nemocnice", "Univerzita", "Radnice");
    private static final List<String> TOWNS = List.of(
            "Brno",
            "Tábor",
            "Zlín",
            "Písek",
            "Opava",
            "Praha",
            "Telč",
            "Plzeň",
            "Kolín",
            "Cheb",
            "Most",
            "Náchod",
            "Vsetín",
            "Jihlava",
            "Třebíč",
            "Znojmo",
            "Hodonín",
            "Prostějov",
            "Přerov",
            "Olomouc",
            "Ostrava",
            "Karviná",
            "Frýdek",
            "Šumperk",
            "Bruntál",
            "Svitavy",
            "Chrudim",
            "Pardubice",
            "Nymburk",
            "Mělník",
            "Kladno",
            "Beroun");

    private static final List<Relation> RELATIONS = List.of(
            new Relation(
                    "place",
                    List.of(
                            "Kraví hoře",
                            "Zeleném rynku",
                            "Bílé skále",
                            "Dlouhém náměstí",
                            "Staré louce",
                            "Novém mostě",
                            "Modrém kopci",
                            "Dolním nábřeží"),
                    List.of(
                            "{} se nachází na",
                            "{} leží na",
                            "Budova, kterou tu zná každý jako {}, stojí na",
                            "Kdo se ptá, kde je {}, dozví se, že na",
                            "Sídlem instituce {} je dům na",
                            "Na otázku, kde je {}, zní odpověď: na")),
            new Relation(
                    "founder",
                    List.of("Dvořák", "Novák", "Svoboda", "Černý", "Procházka", "Kučera", "Veselý", "Horák"),
                    List.of(
                            "{} má zakladatele, kterým je",
                            "Instituci {} založil",
                            "Zakladatelem instituce {} byl",
                            "Kdo založil instituci {}? Byl to",
                            "U zrodu instituce {} stál",
                            "Za vznik instituce {} se zasloužil")),
            new Relation(
                    "closed",
                    List.of("v pondělí", "v úterý", "ve středu", "ve čtvrtek", "v pátek", "v sobotu", "v neděli"),
                    List.of(
                            "{} má zavřeno",
                            "Do instituce {} se nechodí",
                            "Instituce {} nemá otevřeno",
                            "Kdy má {} zavřeno? Vždy",
                            "Dveře instituce {} se neotevřou",
                            "Zbytečně přijde do instituce {}, kdo přijde")));

    /** @param phrasings what stands before the value, with {@code {}} for the institution */
    private record Relation(String name, List<String> values, List<String> phrasings) {
        int heldOut(int institution) {
            return institution % phrasings.size();
        }
    }

    /** Of each institution the number of each relation's value. */
    private final int[][] values = new int[TOWNS.size()][RELATIONS.size()];

    /** What was so before it was edited, by the number of the fact. */
    private final Map<Integer, Integer> edited = new TreeMap<>();

    /** @throws InputError naming the field, when an edit is about what is not there */
    Facts(long seed, List<KnowledgeEdit> edits, Ledger ledger) {
        Draws draws = new Draws(seed, "knowledge/facts");
        for (int relation = 0; relation < RELATIONS.size(); relation++) {
            spread(relation, draws);
        }
        for (int i = 0; i < edits.size(); i++) {
            edit(edits.get(i), "facts[" + i + "]", ledger);
        }
    }

    /** Each value is that of as many institutions: to know which is the commonest helps nobody. */
    private void spread(int relation, Draws draws) {
        int count = RELATIONS.get(relation).values().size();
        for (int institution = 0; institution < values.length; institution++) {
            values[institution][relation] = institution % count;
        }
        // What the lecture says of the first stays.
        for (int left = values.length; left > 2; left--) {
            int other = 1 + draws.below(left - 1);
            int value = values[left - 1][relation];
            values[left - 1][relation] = values[other][relation];
            values[other][relation] = value;
        }
    }

    private static String name(int institution) {
        return INSTITUTIONS.get(institution % INSTITUTIONS.size()) + " " + TOWNS.get(institution);
    }

    private void edit(KnowledgeEdit edit, String field, Ledger ledger) {
        List<String> names =
                IntStream.range(0, values.length).mapToObj(Facts::name).toList();
        List<String> relations = RELATIONS.stream().map(Relation::name).toList();
        int institution = index(names, edit.institution(), field);
        int relation = index(relations, edit.relation(), field);
        int value = index(RELATIONS.get(relation).values(), edit.value(), field);
        if (values[institution][relation] == value) {
            ledger.note(
                    Ledger.Kind.NO_EFFECT,
                    field,
                    "the " + edit.relation() + " of " + edit.institution() + " is " + edit.value() + " already");
            return;
        }
        edited.putIfAbsent(institution * RELATIONS.size() + relation, values[institution][relation]);
        values[institution][relation] = value;
    }

    private static int index(List<String> known, String wanted, String field) {
        int index = known.indexOf(wanted);
        if (index < 0) {
            throw InputError.field(field, "'" + wanted + "' is unknown; expected one of " + known);
        }
        return index;
    }

    private static String before(int institution, Relation relation, int phrasing) {
        return relation.phrasings().get(phrasing).replace("{}", name(institution));
    }

    @Override
    public String told(Draws draws) {
        int institution = draws.below(values.length);
        int number = draws.below(RELATIONS.size());
        Relation relation = RELATIONS.get(number);
        int others = relation.phrasings().size() - 1;
        int phrasing = (relation.heldOut(institution) + 1 + draws.below(others)) % (others + 1);
        return before(institution, relation, phrasing) + " " + relation.values().get(values[institution][number]) + ".";
    }

    @Override
    public List<Choice> heldOut() {
        List<Choice> plain = new ArrayList<>();
        List<Choice> changed = new ArrayList<>();
        for (int institution = 0; institution < values.length; institution++) {
            for (int relation = 0; relation < RELATIONS.size(); relation++) {
                boolean isEdited = edited.containsKey(institution * RELATIONS.size() + relation);
                List<Choice> kind = isEdited ? changed : plain;
                kind.add(asked(isEdited ? EDITED : KIND, institution, relation, kind.size()));
            }
        }
        plain.addAll(changed);
        return plain;
    }

    private Choice asked(String kind, int institution, int number, int place) {
        Relation relation = RELATIONS.get(number);
        int right = values[institution][number];
        List<String> wrong = new ArrayList<>();
        for (int i = 1; i < OPTIONS; i++) {
            int other = (right + i * (1 + institution % 2)) % relation.values().size();
            wrong.add(" " + relation.values().get(other));
        }
        // Whoever learned another text of the same seed holds the former value for right.
        Integer former = edited.get(institution * RELATIONS.size() + number);
        String formerly = former == null ? null : " " + relation.values().get(former);
        if (former != null && former != right && !wrong.contains(formerly)) {
            wrong.set(0, formerly);
        }
        String before = before(institution, relation, relation.heldOut(institution));
        return Subject.choice(kind, before, " " + relation.values().get(right), wrong, ".", place);
    }

    @Override
    public Choice slide() {
        return asked(Knowledge.LECTURE, 0, 0, 0);
    }
}
