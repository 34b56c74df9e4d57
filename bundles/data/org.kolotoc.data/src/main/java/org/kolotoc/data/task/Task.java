package org.kolotoc.data.task;

import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.kolotoc.data.world.Narrator;
import org.kolotoc.data.world.World;
import org.kolotoc.tensor.CounterRandom;

/** A task: an input that is drawn, and the one output that is right. */
public enum Task {
    COPY(input -> input),
    REVERSE(input -> new StringBuilder(input).reverse().toString()),
    SORT(input ->
            input.chars().sorted().mapToObj(each -> String.valueOf((char) each)).collect(Collectors.joining())),
    /** Toy Czech to toy French, see {@link Dictionary}. */
    TRANSLATE(Dictionary::translated),
    /** Whether something is praised or blamed. */
    JUDGE(sentence -> Narrator.praises(sentence) ? "good" : "bad"),
    /** Whether a verb follows its subject. */
    AGREE(sentence -> Narrator.agrees(sentence) ? "good" : "bad"),
    /** Whether a mood follows from what somebody thinks of something. */
    FOLLOW(sentence -> Narrator.follows(sentence) ? "good" : "bad");

    /** The first symbol of sequences: capitals, which no sentence has. */
    private static final char FIRST = 'A';

    /** Of whom judgements are. */
    private static final World WORLD = World.of(1, 24);

    /** As many symbols as there are. */
    public static final int SYMBOLS = 26;

    private final UnaryOperator<String> rule;

    Task(UnaryOperator<String> rule) {
        this.rule = rule;
    }

    /** The right output. */
    public String output(String input) {
        return rule.apply(input);
    }

    /**
     * Whether an input is held out, where its words decide that: a judgement by words that are in none for training, since
     * else whoever counts words would know all there is to know. Nothing where any input may be.
     */
    public Optional<Boolean> isHeldOut(String input) {
        return this == JUDGE ? Optional.of(Narrator.isRare(input)) : Optional.empty();
    }

    /**
     * An input, a function of the random numbers and its number: a sentence, or a sequence whose length and symbols are uniform.
     *
     * @param symbols of sequences, at most {@value #SYMBOLS}
     * @param shortest of them, and {@code longest}
     */
    public String input(CounterRandom random, long number, int symbols, int shortest, int longest) {
        if (this == TRANSLATE) {
            return Dictionary.sentence(random, number);
        }
        if (this == JUDGE) {
            return Narrator.judgement(WORLD, random, number << 3);
        }
        if (this == AGREE) {
            return Narrator.agreement(random, number << 3);
        }
        if (this == FOLLOW) {
            return Narrator.mood(WORLD, random, number << 3);
        }
        long at = number << 16;
        StringBuilder sequence = new StringBuilder();
        int length = shortest + random.integer(at, longest - shortest + 1);
        for (int i = 0; i < length; i++) {
            sequence.append((char) (FIRST + random.integer(at + 1 + i, symbols)));
        }
        return sequence.toString();
    }
}
