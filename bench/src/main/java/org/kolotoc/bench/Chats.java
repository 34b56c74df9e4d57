package org.kolotoc.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.Buffer;

/**
 * The batches that the other side gets too. The first half of a sequence asks, the rest answers. No model writes the token
 * that would end an answer, so that all are equally long.
 */
final class Chats implements ChatDataset, Batches {
    /** Passes go on. */
    private static final int QUESTIONS = 1_000;

    private final GptConfig config;
    private final int[] tokens;
    private final int[] targets;
    private final float[] weights;

    Chats(GptConfig config) {
        this.config = config;
        this.tokens = new int[config.tokens()];
        this.targets = new int[config.tokens()];
        this.weights = new float[config.tokens()];
        for (int row = 0; row < config.batch(); row++) {
            int from = row * config.context();
            Arrays.fill(weights, from + config.prompt() - 1, from + config.context(), 1);
        }
    }

    @Override
    public Dimensions dimensions() {
        return new Dimensions(
                Map.of("vocab", config.vocab(), "time", config.context(), "prompt", config.prompt(), "answer", 2));
    }

    @Override
    public List<String> splits() {
        return List.of("train");
    }

    @Override
    public Batches batches(String split, Map<String, Integer> axes, long seed) {
        return this;
    }

    @Override
    public long count() {
        return QUESTIONS;
    }

    @Override
    public void fill(long index, Map<String, Buffer> feeds) {
        config.fill(index, tokens, targets);
        if (!feeds.containsKey("targets")) {
            for (int end = config.context() - 1; end < tokens.length; end += config.context()) {
                tokens[end] = mark();
            }
        }
        feeds.get("tokens").write(tokens);
        if (feeds.containsKey("targets")) {
            feeds.get("targets").write(targets);
        }
        if (feeds.containsKey("weights")) {
            feeds.get("weights").write(weights);
        }
    }

    /** Where a reward is read. */
    private int mark() {
        return config.vocab() - 1;
    }

    @Override
    public ChatTokens tokens() {
        Letters letters = new Letters(config.vocab() + 1);
        return new ChatTokens(new ChatTemplate("", letter(0), letter(config.vocab()), letter(mark())), letters);
    }

    private static String letter(int token) {
        return Character.toString(token);
    }

    @Override
    public List<Exchange> exchanges(String split) {
        return IntStream.range(0, QUESTIONS)
                .mapToObj(number -> new Exchange(Integer.toString(number), ""))
                .toList();
    }

    @Override
    public int[] prompt(String question) {
        config.fill(Integer.parseInt(question), tokens, targets);
        return Arrays.copyOf(tokens, config.prompt());
    }

    /** A letter a token, by its code point. */
    private record Letters(int vocab) implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return text.codePoints().toArray();
        }

        @Override
        public String decode(int[] tokens) {
            return new String(tokens, 0, tokens.length);
        }

        @Override
        public String state() {
            return "";
        }
    }
}
