package org.kolotoc.data.world;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.CounterRandom;

/**
 * Who lives there and what is true of whom.
 *
 * @param facts for each person, by their place in the list, what holds in each relation
 */
public record World(List<Person> people, List<Map<Relation, String>> facts) {
    /** Somebody, with the words that stand for them. */
    public record Person(String name, boolean woman) {
        /** {@code she} or {@code he}. */
        public String subject() {
            return woman ? "she" : "he";
        }

        /** {@code her} or {@code him}. */
        public String object() {
            return woman ? "her" : "him";
        }

        /** {@code her} or {@code his}. */
        public String possessive() {
            return woman ? "her" : "his";
        }
    }

    /** The world of a seed: women and men in turn, every fact drawn on its own. */
    public static World of(long seed, int people) {
        CounterRandom random = new CounterRandom(seed, "template-world/facts");
        List<Person> persons = new ArrayList<>();
        List<Map<Relation, String>> facts = new ArrayList<>();
        for (int i = 0; i < people; i++) {
            boolean woman = i % 2 == 0;
            List<String> names = woman ? Lexicon.WOMEN : Lexicon.MEN;
            persons.add(new Person(names.get(i / 2 % names.size()), woman));
            Map<Relation, String> known = new EnumMap<>(Relation.class);
            for (Relation relation : Relation.values()) {
                int index = i * Relation.values().length + relation.ordinal();
                known.put(
                        relation,
                        relation.range()
                                .get(random.integer(index, relation.range().size())));
            }
            facts.add(known);
        }
        return new World(List.copyOf(persons), List.copyOf(facts));
    }

    /** This world with one fact changed. */
    public World with(int person, Relation relation, String value) {
        List<Map<Relation, String>> changed = new ArrayList<>(facts);
        Map<Relation, String> known = new EnumMap<>(facts.get(person));
        known.put(relation, value);
        changed.set(person, known);
        return new World(people, List.copyOf(changed));
    }
}
