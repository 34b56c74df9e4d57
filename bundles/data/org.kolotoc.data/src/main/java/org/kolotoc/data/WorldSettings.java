package org.kolotoc.data;

import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.data.world.Relation;
import org.kolotoc.data.world.World;

/** A made-up world and how much is told of it. */
public record WorldSettings(
        @Help("decides the world and what is told; -1 takes the run's seed") @Range(min = -1) @Default("1")
        long seed,

        @Help("length of the text in characters") @Range(min = 1000, max = 100_000_000) @Default("300000")
        int characters,

        @Help("how many people live there") @Range(min = 2, max = 40) @Default("24")
        int people,

        @Help("facts that differ from the seed's, to see whether a model follows the change") @Default("[]")
        List<Edit> facts,

        @Help("share of the characters, from the start, that is for training; the rest is for validation")
        @Range(min = 0.01, max = 0.99)
        @Default("0.9")
        double train) {

    /** A fact set by hand. */
    public record Edit(
            @Help("a person of the world: Anna") String person,
            @Help("home, job, food or animal") String relation,
            @Help("what holds instead: Millford") String value) {}

    /** The world of a seed, with facts set by hand. */
    public static World world(long seed, int people, List<Edit> facts, Ledger ledger) {
        World world = World.of(seed, people);
        for (int i = 0; i < facts.size(); i++) {
            Edit edit = facts.get(i);
            World changed = world.with(person(world, edit.person()), relation(edit.relation()), edit.value());
            if (changed.equals(world)) {
                ledger.note(
                        Ledger.Kind.NO_EFFECT,
                        "facts[" + i + "]",
                        "the " + edit.relation() + " of " + edit.person() + " is " + edit.value() + " already");
            }
            world = changed;
        }
        return world;
    }

    private static int person(World world, String name) {
        for (int i = 0; i < world.people().size(); i++) {
            if (world.people().get(i).name().equals(name)) {
                return i;
            }
        }
        throw InputError.field(
                "facts",
                "'" + name + "' does not live in this world; expected one of "
                        + world.people().stream().map(World.Person::name).toList());
    }

    private static Relation relation(String label) {
        for (Relation relation : Relation.values()) {
            if (relation.label().equals(label)) {
                return relation;
            }
        }
        throw InputError.field("facts", "'" + label + "' is no relation; expected one of " + Relation.labels());
    }
}
