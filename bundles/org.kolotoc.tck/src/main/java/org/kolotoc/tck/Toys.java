package org.kolotoc.tck;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.text.LanguageSession;
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
        return new ToyText(SENTENCE.repeat(20));
    }

    /** The smallest language model: a table of logits after each token. */
    public static Model bigram(int vocab) {
        return Model.of(
                "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]",
                Dimensions.of("time", 16),
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
    public static Tokenizer tokenizer(String trainingText) {
        return new ToyTokenizer(trainingText.codePoints().distinct().sorted().toArray());
    }

    /** A session whose logits depend on the last two tokens alone. */
    public static LanguageSession session(int vocab) {
        return new ToySession(vocab);
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

    private record ToyText(String text) implements TextDataset {
        @Override
        public Tokenizer tokenizer() {
            return Toys.tokenizer(text);
        }

        @Override
        public String text(String split) {
            return text;
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
                    tokenizer().encode(text), axes.get("batch"), axes.get("time"), new CounterRandom(seed, split));
        }
    }

    private record ToyBatches(int[] tokens, int batch, int time, CounterRandom random) implements Batches {
        @Override
        public long count() {
            return 4;
        }

        @Override
        public void fill(long index, Map<String, Buffer> feeds) {
            feeds.forEach((field, buffer) -> {
                int shift = field.equals("targets") ? 1 : 0;
                int[] rows = new int[batch * time];
                for (int row = 0; row < batch; row++) {
                    int start = random.integer(index * batch + row, tokens.length - time);
                    System.arraycopy(tokens, start + shift, rows, row * time, time);
                }
                buffer.write(rows);
            });
        }
    }

    private static final class ToySession implements LanguageSession {
        private final int vocab;
        private final float[] logits;
        private int previous;

        ToySession(int vocab) {
            this.vocab = vocab;
            this.logits = new float[vocab];
        }

        @Override
        public int vocab() {
            return vocab;
        }

        @Override
        public float[] extend(int token) {
            if (token < 0 || token >= vocab) {
                throw new IllegalArgumentException("token " + token + " is not in [0, " + vocab + ")");
            }
            CounterRandom random = new CounterRandom(previous, token);
            for (int i = 0; i < vocab; i++) {
                logits[i] = (float) (2 * random.normal(i));
            }
            previous = token;
            return logits;
        }

        @Override
        public void reset() {
            previous = 0;
        }

        @Override
        public void close() {
            previous = 0;
        }
    }
}
