package org.kolotoc.tck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;

/** Small stand-ins for the other seats, so that one can be tested alone. */
public final class Toys {
    private static final String SENTENCE = "the cat sat on the mat. ";

    private Toys() {}

    /** One sentence again and again: {@code train} and {@code validation}, characters as tokens. */
    public static TextDataset text() {
        return textInParts(Integer.MAX_VALUE);
    }

    /** The same in parts of so many units, as a text comes that is too long for memory. */
    public static TextDataset textInParts(int units) {
        return new ToyText(SENTENCE.repeat(20), units);
    }

    /** A text in parts of so many units, or one fewer where a part would end within a character. */
    public static Text inParts(String text, int units) {
        return new ToyParts(Text.of(text), units);
    }

    /** The smallest language model: a table of logits after each token. */
    public static Model bigram(int vocab) {
        return bigram(vocab, 16);
    }

    /** The same, which looks at so many tokens. */
    public static Model bigram(int vocab, int time) {
        return Model.of(
                "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]",
                Dimensions.of("time", time),
                List.of(Parameter.of("table.weight", new Initializer.Normal(0.1), vocab, vocab)),
                (weights, inputs, _) ->
                        Map.of("logits", weights.get("table.weight").gather(inputs.get("tokens"))));
    }

    /** A model that no phase can train: it has a signature of its own. */
    public static Model unsuitable() {
        return Model.of(
                "f32 unheardof[batch] -> f32 something[batch]",
                Dimensions.none(),
                List.of(Parameter.of("weight", Initializer.ONES, 1)),
                (weights, inputs, _) ->
                        Map.of("something", inputs.get("unheardof").mul(weights.get("weight"))));
    }

    /** Characters of a text as tokens. */
    public static Tokenizer tokenizer(Text trainingText) {
        return new ToyTokenizer(StreamSupport.stream(trainingText.spliterator(), false)
                .flatMapToInt(String::codePoints)
                .distinct()
                .sorted()
                .toArray());
    }

    /** A session whose logits in each row depend on the last two tokens of the row alone. */
    public static LanguageSession session(int rows, int vocab) {
        return session(rows, vocab, _ -> false);
    }

    /** The same where some tokens are impossible: their logits are negative infinity. */
    static LanguageSession session(int rows, int vocab, IntPredicate impossible) {
        return new ToySession(rows, vocab, impossible);
    }

    private record ToyTokenizer(int[] characters) implements Tokenizer {
        @Override
        public int vocab() {
            return characters.length;
        }

        @Override
        public int[] encode(String text) {
            return text.codePoints()
                    .map(c -> {
                        int token = Arrays.binarySearch(characters, c);
                        if (token < 0) {
                            throw InputError.of("character '" + Character.toString(c) + "' is unknown", "");
                        }
                        return token;
                    })
                    .toArray();
        }

        @Override
        public String decode(int[] tokens) {
            int[] text = IntStream.of(tokens).map(token -> characters[token]).toArray();
            return new String(text, 0, text.length);
        }

        @Override
        public String state() {
            return new String(characters, 0, characters.length);
        }
    }

    private record ToyParts(Text whole, int units) implements Text {
        @Override
        public long length() {
            return whole.length();
        }

        @Override
        public String excerpt(long from, int length) {
            return whole.excerpt(from, length);
        }

        @Override
        public Iterator<String> iterator() {
            List<String> parts = new ArrayList<>();
            for (long at = 0; at < length(); at += parts.getLast().length()) {
                int count = (int) Math.min(units, length() - at);
                String part = whole.excerpt(at, count);
                // A character of two units that begins here.
                parts.add(part.isEmpty() ? whole.excerpt(at, 2) : part);
            }
            return parts.iterator();
        }
    }

    private record ToyText(String text, int units) implements TextDataset {
        @Override
        public Tokenizer tokenizer() {
            return Toys.tokenizer(Text.of(text));
        }

        @Override
        public Text text(String split) {
            return inParts(text, units);
        }

        @Override
        public Dimensions dimensions() {
            return Dimensions.of("vocab", tokenizer().vocab());
        }

        @Override
        public List<String> splits() {
            return List.of("train", "validation");
        }

        @Override
        public Batches batches(String split, Map<String, Integer> axes, long seed) {
            return new ToyBatches(
                    tokenizer().encode(text),
                    axes.get("batch"),
                    axes.get("time"),
                    split.equals("train") ? new CounterRandom(seed, split) : null);
        }
    }

    /** @param random where training windows begin; null for windows one after the other */
    private record ToyBatches(int[] tokens, int batch, int time, CounterRandom random) implements Batches {
        @Override
        public long count() {
            return Math.ceilDiv(Math.ceilDiv(tokens.length - 1, time), batch);
        }

        @Override
        public void fill(long index, Map<String, Buffer> feeds) {
            int[] inputs = new int[batch * time];
            int[] targets = new int[batch * time];
            float[] weights = new float[batch * time];
            for (int row = 0; row < batch; row++) {
                long start = random == null
                        ? (index % count() * batch + row) * time
                        : random.integer(index * batch + row, tokens.length - time);
                for (int i = 0; i < time && start + i + 1 < tokens.length; i++) {
                    inputs[row * time + i] = tokens[(int) start + i];
                    targets[row * time + i] = tokens[(int) start + i + 1];
                    weights[row * time + i] = 1;
                }
            }
            feeds.forEach((field, buffer) -> {
                switch (field) {
                    case "tokens" -> buffer.write(inputs);
                    case "targets" -> buffer.write(targets);
                    case "weights" -> buffer.write(weights);
                    default -> throw new IllegalArgumentException("there is no field '" + field + "'");
                }
            });
        }
    }

    private static final class ToySession implements LanguageSession {
        private final int[] previous;
        private final float[][] logits;
        private final IntPredicate impossible;

        ToySession(int rows, int vocab, IntPredicate impossible) {
            this.impossible = impossible;
            this.previous = new int[rows];
            this.logits = new float[rows][vocab];
        }

        @Override
        public int rows() {
            return previous.length;
        }

        @Override
        public int vocab() {
            return logits[0].length;
        }

        @Override
        public float[][] prefill(int[][] tokens) {
            for (int row = 0; row < rows(); row++) {
                for (int token : tokens[row]) {
                    if (token < 0 || token >= vocab()) {
                        throw new IllegalArgumentException("token " + token + " is not in [0, " + vocab() + ")");
                    }
                    CounterRandom random = new CounterRandom(previous[row], token);
                    for (int i = 0; i < vocab(); i++) {
                        logits[row][i] = impossible.test(i) ? Float.NEGATIVE_INFINITY : (float) (2 * random.normal(i));
                    }
                    previous[row] = token;
                }
            }
            return logits;
        }

        @Override
        public void reorder(int... from) {
            int[] before = previous.clone();
            float[][] shown = Arrays.stream(logits).map(float[]::clone).toArray(float[][]::new);
            for (int row = 0; row < rows(); row++) {
                previous[row] = before[from[row]];
                logits[row] = shown[from[row]].clone();
            }
        }

        @Override
        public void reset() {
            Arrays.fill(previous, 0);
        }

        @Override
        public void close() {
            reset();
        }
    }
}
