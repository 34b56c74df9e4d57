package org.kolotoc.data.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.tensor.CounterRandom;

/**
 * What people of a world are asked, answers of every grade, and how good an answer is. Some facts, each of a person and a
 * relation, are held out: no question for training asks for one and no answer for training tells one, so that what a model
 * knows of it, it knows from the text of the world. Everybody is asked about something else in training.
 *
 * <p>Answers that are not right are true sentences of others, or have the values of others, so that neither words nor
 * lengths give them away.
 */
public final class Interview implements Judge {
    private static final List<String> OPENINGS = List.of("", "Tell me: ", "I want to know: ");

    private final World world;
    private final boolean[][] heldOut;
    private final Map<String, Asked> questions = new HashMap<>();
    private final Map<String, Said> sentences = new HashMap<>();

    /** How good an answer is, the best first. */
    public enum Grade {
        /** True, of whom and what was asked. */
        RIGHT(1),
        /** Of whom and what was asked, but not so. */
        WRONG(0.7),
        /** True of whom was asked, but not what was asked. */
        BESIDE(0.5),
        /** What was asked, but true of somebody else. */
        STRANGER(0.3),
        /** True of somebody else, and not what was asked. */
        ASTRAY(0.1);

        private final double quality;

        Grade(double quality) {
            this.quality = quality;
        }

        /** What a judge gives it; 0 is for what is no answer at all. */
        public double quality() {
            return quality;
        }
    }

    /** A question, and what it is about. */
    public record Asked(int person, Relation relation, String question) {}

    private record Said(int person, Relation relation, String value) {}

    /** @param share of the facts that is held out; in each relation two are at least, and two are not */
    public Interview(World world, long seed, double share) {
        this.world = world;
        int people = world.people().size();
        this.heldOut = new boolean[people][Relation.values().length];
        List<Integer> order = shuffled(
                IntStream.range(0, people).boxed().toList(), new CounterRandom(seed, "template-world/held-out"));
        int out = Math.clamp(Math.round(share * people), 2, people - 2);
        for (Relation relation : Relation.values()) {
            // One relation goes on where the one before ended, so that nobody has all held out who need not.
            for (int i = 0; i < out; i++) {
                heldOut[order.get((relation.ordinal() * out + i) % people)][relation.ordinal()] = true;
            }
        }
        for (boolean part : new boolean[] {false, true}) {
            asked(part).forEach(asked -> questions.put(asked.question(), asked));
        }
        for (int person = 0; person < people; person++) {
            for (Relation relation : Relation.values()) {
                for (String value : relation.range()) {
                    sentences.put(sentence(person, relation, value), new Said(person, relation, value));
                }
            }
        }
    }

    /** All questions for the facts that are held out, or for the others. */
    public List<Asked> asked(boolean forHeldOut) {
        List<Asked> asked = new ArrayList<>();
        for (int person = 0; person < heldOut.length; person++) {
            for (Relation relation : Relation.values()) {
                if (heldOut[person][relation.ordinal()] != forHeldOut) {
                    continue;
                }
                for (String form : relation.questions()) {
                    for (String opening : OPENINGS) {
                        Map<String, Object> slots = Map.of("p", world.people().get(person));
                        asked.add(new Asked(person, relation, opening + Narrator.filled(form, slots)));
                    }
                }
            }
        }
        return asked;
    }

    /**
     * An answer of a grade. To a question for training none tells what is held out.
     *
     * @param draw decides which of several; any number
     */
    public String answer(Asked asked, Grade grade, int draw) {
        int person = asked.person();
        Relation relation = asked.relation();
        boolean all = heldOut[person][relation.ordinal()];
        return switch (grade) {
            case RIGHT -> truth(person, relation);
            case WRONG -> sentence(person, relation, another(asked, draw));
            case BESIDE -> truth(person, other(person, relation, all, draw));
            case STRANGER -> truth(somebody(person, relation, all, draw), relation);
            case ASTRAY -> {
                int somebody = somebody(person, relation, all, draw);
                yield truth(somebody, other(somebody, relation, all, draw));
            }
        };
    }

    /** 1 for a right answer, less for the other {@link Grade}s, 0 for what is none of the sentences that answer here. */
    @Override
    public double quality(Exchange exchange) {
        Asked asked = questions.get(exchange.question());
        Said said = sentences.get(exchange.answer());
        if (asked == null || said == null) {
            return 0;
        }
        boolean person = said.person() == asked.person();
        boolean relation = said.relation() == asked.relation();
        boolean holds = world.facts().get(said.person()).get(said.relation()).equals(said.value());
        Grade grade = person && relation
                ? holds ? Grade.RIGHT : Grade.WRONG
                : person ? Grade.BESIDE : relation ? Grade.STRANGER : Grade.ASTRAY;
        return grade.quality();
    }

    private String truth(int person, Relation relation) {
        return sentence(person, relation, world.facts().get(person).get(relation));
    }

    private String sentence(int person, Relation relation, String value) {
        return Narrator.filled(
                relation.phrasings().getFirst(), Map.of("p", world.people().get(person), "v", value));
    }

    /** A value that holds of somebody else, so that values are right and wrong equally often; any where all have the same. */
    private String another(Asked asked, int draw) {
        String right = world.facts().get(asked.person()).get(asked.relation());
        int people = heldOut.length;
        for (int i = 0; i < people; i++) {
            int person = Math.floorMod(asked.person() + draw + i, people);
            String value = world.facts().get(person).get(asked.relation());
            if (!value.equals(right)) {
                return value;
            }
        }
        List<String> range = asked.relation().range();
        return range.get((range.indexOf(right) + 1) % range.size());
    }

    /** Somebody else, of whom what was asked may be told. */
    private int somebody(int person, Relation relation, boolean all, int draw) {
        List<Integer> others = IntStream.range(0, heldOut.length)
                .filter(other -> other != person && (all || !heldOut[other][relation.ordinal()]))
                .boxed()
                .toList();
        return others.get(Math.floorMod(draw, others.size()));
    }

    /** Something else that may be told of somebody; what was not asked for, where all of it is held out. */
    private Relation other(int person, Relation relation, boolean all, int draw) {
        List<Relation> others = Stream.of(Relation.values())
                .filter(other -> other != relation && (all || !heldOut[person][other.ordinal()]))
                .toList();
        return others.get(Math.floorMod(draw, others.size()));
    }

    /** In an order that the random numbers decide (Fisher and Yates). */
    public static <T> List<T> shuffled(List<T> list, CounterRandom random) {
        List<T> order = new ArrayList<>(list);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.integer(i, i + 1));
        }
        return order;
    }
}
