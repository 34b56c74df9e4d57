package org.kolotoc.data.world;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What can be known of a person, and the ways to say it. One way for each fact is never used in the text, so that a
 * probe can ask in words the model has not seen about this person.
 */
public enum Relation {
    HOME(
            Lexicon.TOWNS,
            List.of(
                    "Where does {p} live?",
                    "In which town does {p} live?",
                    "Where is the home of {p}?",
                    "Where does the house of {p} stand?"),
            "{p} lives in {v}.",
            "The home of {p} is in {v}.",
            "In {v} stands the small house of {p}.",
            "Ask for {p} in {v}."),
    JOB(
            Lexicon.JOBS,
            List.of(
                    "What does {p} do?",
                    "What is the work of {p}?",
                    "What does {p} work as?",
                    "Which job does {p} have?"),
            "{p} is a {v}.",
            "{p} works as a {v}.",
            "The work of {p} is that of a {v}.",
            "Every morning {p} goes to work, for {p.she} is a {v}."),
    FOOD(
            Lexicon.FOODS,
            List.of(
                    "What does {p} like?",
                    "What does {p} eat every day?",
                    "Which food does {p} love?",
                    "Which food makes {p} smile?"),
            "{p} likes {v}.",
            "{p} eats {v} every day.",
            "The food that {p} loves is {v}.",
            "Give {p} some {v} and {p.she} will smile."),
    ANIMAL(
            Lexicon.ANIMALS,
            List.of(
                    "Which animal does {p} have?",
                    "Which animal is in the yard of {p}?",
                    "What does {p} feed in the evening?",
                    "Which animal follows {p}?"),
            "{p} has a {v}.",
            "The {v} follows {p} to the door.",
            "In the yard of {p} there is a {v}.",
            "{p} feeds {p.her} {v} in the evening.");

    private final List<String> values;
    private final List<String> questions;
    private final List<String> phrasings;

    Relation(List<String> values, List<String> questions, String... phrasings) {
        this.values = values;
        this.questions = questions;
        this.phrasings = List.of(phrasings);
    }

    /** {@code home}, as in settings. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> labels() {
        return Stream.of(values()).map(Relation::label).toList();
    }

    /** What it may hold. */
    public List<String> range() {
        return values;
    }

    /** Templates over the person {@code p} and the value {@code v}. */
    public List<String> phrasings() {
        return phrasings;
    }

    /** Ways to ask for it, templates over the person {@code p}. No text of the world has a question. */
    public List<String> questions() {
        return questions;
    }

    /** Which phrasing the text never uses for a person. */
    public int heldOut(int person) {
        return (person + ordinal()) % phrasings.size();
    }
}
