package org.kolotoc.phase.pretrain.objective;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.CounterRandom;

/** Rows as a corruption writes them, and what it takes to make one. */
final class Rows implements Batches.Fields {
    private final Corruption corruption;
    private final Map<String, int[]> ints = new HashMap<>();
    private final Map<String, float[]> floats = new HashMap<>();

    private Rows(Corruption corruption) {
        this.corruption = corruption;
    }

    /** One that nothing was written to. */
    static Rows empty(Corruption corruption) {
        return new Rows(corruption);
    }

    static Rows of(Corruption corruption, int[] text, int length, Draws draws) {
        Rows rows = empty(corruption);
        corruption.write(text, text, length, draws, rows);
        return rows;
    }

    @Override
    public int[] ints(String field) {
        String axis = field.equals("source")
                        || field.equals("present") && corruption.extents().containsKey("from")
                ? "from"
                : "time";
        return ints.computeIfAbsent(field, _ -> new int[corruption.extents().get(axis)]);
    }

    @Override
    public float[] floats(String field) {
        return floats.computeIfAbsent(field, _ -> new float[corruption.extents().get("time")]);
    }

    /** Tokens of a field up to the last that is there. */
    List<Integer> present(String field, String present) {
        int[] tokens = ints(field);
        int length = present.equals("weights")
                ? (int) IntStream.range(0, tokens.length)
                        .filter(i -> floats("weights")[i] == 1)
                        .count()
                : (int) IntStream.of(ints(present)).filter(i -> i == 1).count();
        return IntStream.of(tokens).limit(length).boxed().toList();
    }

    /** A text of a vocabulary without the special tokens, which lie behind it. */
    static int[] text(int number, int time, int vocab) {
        CounterRandom random = new CounterRandom(5, "text" + number);
        return IntStream.range(0, time).map(i -> random.integer(i, vocab)).toArray();
    }

    static Draws draws(long row) {
        Draws draws = new Draws(new CounterRandom(3, "draws"));
        draws.row(row);
        return draws;
    }

    /** Tokens below {@code plain} are texts, those behind have names. */
    static Tokenizer tokenizer(int plain, String... specials) {
        return tokenizer(new int[0], plain, specials);
    }

    /** The same with gaps. */
    static Tokenizer tokenizer(int[] gaps, int plain, String... specials) {
        return new Tokenizer() {
            @Override
            public int[] gaps() {
                return gaps;
            }

            @Override
            public int vocab() {
                return plain + specials.length;
            }

            @Override
            public Map<String, Integer> specials() {
                Map<String, Integer> named = new HashMap<>();
                for (String special : specials) {
                    named.put(special, plain + named.size());
                }
                return named;
            }

            @Override
            public int[] encode(String text) {
                return text.chars().map(each -> each - 'a').toArray();
            }

            @Override
            public String decode(int[] tokens) {
                return IntStream.of(tokens)
                        .collect(
                                StringBuilder::new,
                                (out, token) -> out.append((char) ('a' + token)),
                                StringBuilder::append)
                        .toString();
            }

            @Override
            public String state() {
                return "";
            }
        };
    }

    /** A model that looks at so many tokens, and computes nothing. */
    static Model model(String axis, int limit, String other, int otherLimit) {
        return Model.of(
                "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]",
                new Dimensions(Map.of(axis, limit, other, otherLimit)),
                List.of(),
                (_, _, _) -> Map.of());
    }
}
