package org.kolotoc.phase.rlhf;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.tensor.CounterRandom;

/**
 * Answers of a model as it is now, drawn from its own distribution, side by side: the rows that it is trained on. The
 * random numbers of an answer are its own, whatever is written beside it.
 */
final class Rollouts implements AutoCloseable {
    private final ChatDataset data;
    private final ChatTokens chat;
    private final LanguageSession session;
    private final int longest;
    private final int stop;

    /** Tokens of a row that the policy reads, and of one that is judged, mark included. */
    final int time;

    final int judgedTime;

    /** Rows of the policy: {@code [rows, time]}. */
    final int[] tokens;

    final int[] targets;

    /** 1 where the target is one of the answer, else 0. */
    final float[] counted;

    /** Rows of the reward model: {@code [rows, judgedTime]}. */
    final int[] judged;

    /** What was written in each row. */
    private int[][] written = {};

    private List<Exchange> asked = List.of();

    /** @param writer what the phase calls the model that writes */
    Rollouts(RlhfSettings settings, PhaseContext context, ChatDataset data, String writer) {
        this.data = data;
        this.chat = data.tokens();
        this.stop = chat.stop();
        this.longest = settings.answerTokens();
        int prompt = data.dimensions().get("prompt");
        this.time = prompt + longest - 1;
        chat.reward();
        this.judgedTime = prompt + longest + chat.judged(new int[0], new int[0]).length;
        require(time, context, writer, prompt);
        require(judgedTime, context, Rlhf.REWARD, prompt);
        int rows = settings.rows();
        this.tokens = new int[rows * time];
        this.targets = new int[rows * time];
        this.counted = new float[rows * time];
        this.judged = new int[rows * judgedTime];
        this.session = LanguageSession.of(
                context, writer, writer.equals(Rlhf.MODEL) ? "answers" : "answers of " + writer, rows);
    }

    private void require(int needed, PhaseContext context, String model, int prompt) {
        int limit = context.model(model).limits().getOr("time", needed);
        if (needed > limit) {
            throw InputError.field(
                    "answerTokens",
                    longest + " behind prompts of up to " + prompt + " are " + needed
                            + " tokens with all marks, and the " + model + " can look at " + limit
                            + "; expected at most " + (longest - needed + limit));
        }
    }

    /**
     * Writes an answer to each of some questions, at most as many as there are rows.
     *
     * @param stream names the random numbers
     */
    void write(List<Exchange> questions, long seed, String stream) {
        asked = questions;
        List<Decoder.Prompt> prompts = IntStream.range(0, questions.size())
                .mapToObj(row -> new Decoder.Prompt(
                        data.prompt(questions.get(row).question()), new CounterRandom(seed, stream + "/" + row)))
                .toList();
        written = Decoder.of(Rollouts::drawn).decode(session, prompts, longest, token -> token == stop);
        Arrays.fill(tokens, chat.pad());
        Arrays.fill(targets, chat.pad());
        Arrays.fill(counted, 0);
        Arrays.fill(judged, chat.pad());
        for (int row = 0; row < written.length; row++) {
            int[] prompt = prompts.get(row).tokens();
            int[] all = ChatTokens.joined(prompt, written[row]);
            System.arraycopy(all, 0, tokens, row * time, all.length - 1);
            System.arraycopy(all, 1, targets, row * time, all.length - 1);
            Arrays.fill(counted, row * time + prompt.length - 1, row * time + all.length - 1, 1);
            int[] marked = chat.judged(prompt, written[row]);
            System.arraycopy(marked, 0, judged, row * judgedTime, marked.length);
        }
    }

    /** Answers that there are. */
    int count() {
        return written.length;
    }

    /** Tokens of an answer, what ends it included. */
    int length(int row) {
        return written[row].length;
    }

    boolean ended(int row) {
        return written[row][written[row].length - 1] == stop;
    }

    double quality(Judge judge, int row) {
        return judge.quality(new Exchange(asked.get(row).question(), chat.said(written[row])));
    }

    /** How many different answers there are. */
    int distinct() {
        Set<String> said = new HashSet<>();
        for (int[] answer : written) {
            said.add(chat.said(answer));
        }
        return said.size();
    }

    /** By the model's own probabilities, at which a policy gradient is right. */
    private static int drawn(float[] logits, CounterRandom random, int index) {
        double most = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double all = 0;
        for (float logit : logits) {
            all += StrictMath.exp(logit - most);
        }
        double left = random.uniform(index) * all;
        int last = 0;
        for (int token = 0; token < logits.length && left >= 0; token++) {
            double weight = StrictMath.exp(logits[token] - most);
            left -= weight;
            // Rounding may leave something behind the last that is possible.
            last = weight > 0 ? token : last;
        }
        return last;
    }

    @Override
    public void close() {
        session.close();
    }
}
