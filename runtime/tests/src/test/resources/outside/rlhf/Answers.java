package rlhf;

import java.util.*;
import org.kolotoc.api.*;
import org.kolotoc.api.text.*;
import org.kolotoc.tensor.*;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Answers of the policy as it is now, several to each prompt of a batch: the rows that it is trained on. */
final class Answers implements AutoCloseable {
    private final Rlhf.Plan plan;
    private final long seed;
    private final Tokenizer tokenizer;
    private final int stop;
    private final LanguageSession session;
    private final Buffer prompts;
    private final Buffer lengths;

    /** Tokens of a row that are read, and the ones that follow them. */
    final int time;

    /** Rows: 1 where the target is one of the answer, 0 where it is one of the prompt or padding. */
    final float[] counted;

    final int[] tokens;
    final int[] targets;

    /** Of each row: how much better it is than the others to its prompt, in standard deviations. */
    final float[] advantages;

    /** Of all answers together, and how many these are. */
    double reward;

    double length;
    int count;

    Answers(Rlhf.Plan plan, PhaseContext run) {
        this.plan = plan;
        this.seed = run.seed();
        this.tokenizer = run.tokenizer();
        int[] ending = tokenizer.encode(plan.stop());
        if (ending.length != 1) {
            throw InputError.field("stop", "is \"" + plan.stop() + "\"; expected one token");
        }
        this.stop = ending[0];
        int longest = run.data().dimensions().get("prompt");
        this.time = longest + plan.length() - 1;
        int limit = run.model("model").limits().getOr("time", time);
        if (time > limit) {
            throw InputError.field(
                    "length",
                    plan.length() + " tokens after prompts of up to " + longest
                            + " are more than the model can look at;" + " expected at most " + (limit - longest + 1));
        }
        int rows = plan.prompts() * plan.answers();
        this.counted = new float[rows * time];
        this.tokens = new int[rows * time];
        this.targets = new int[rows * time];
        this.advantages = new float[rows];
        this.session = LanguageSession.of(run, "model", "answers", rows);
        this.prompts = new ReferenceBackend().allocate(DType.I32, Shape.of(plan.prompts(), longest));
        this.lengths = new ReferenceBackend().allocate(DType.I32, Shape.of(plan.prompts()));
    }

    /** Writes answers to a batch of prompts; what pads the batch has none. */
    void write(Batches batches, long index, String stream) {
        batches.fill(index, Map.of("prompts", prompts, "lengths", lengths));
        int[] texts = new int[prompts.shape().size()];
        int[] ends = new int[plan.prompts()];
        prompts.read(texts);
        lengths.read(ends);
        List<Decoder.Prompt> asked = new ArrayList<>();
        for (int row = 0; row < ends.length; row++) {
            int from = row * texts.length / ends.length;
            int[] prompt = Arrays.copyOfRange(texts, from, from + ends[row]);
            for (int answer = 0; answer < plan.answers() && prompt.length > 0; answer++) {
                String name = stream + "/" + (index * plan.prompts() + row) + "/" + answer;
                asked.add(new Decoder.Prompt(prompt, new CounterRandom(seed, name)));
            }
        }
        int[][] written = Decoder.of(Answers::drawn).decode(session, asked, plan.length(), token -> token == stop);
        Arrays.fill(tokens, 0);
        Arrays.fill(targets, 0);
        Arrays.fill(counted, 0);
        Arrays.fill(advantages, 0);
        double[] rewards = new double[asked.size()];
        length = 0;
        for (int row = 0; row < rewards.length; row++) {
            rewards[row] = put(row, asked.get(row).tokens(), written[row]);
            length += written[row].length;
        }
        reward = Arrays.stream(rewards).sum();
        count = rewards.length;
        for (int first = 0; first < count; first += plan.answers()) {
            compare(rewards, first);
        }
    }

    /** A row of the batch; its reward. */
    private double put(int row, int[] prompt, int[] written) {
        int[] all = Arrays.copyOf(prompt, prompt.length + written.length);
        System.arraycopy(written, 0, all, prompt.length, written.length);
        System.arraycopy(all, 0, tokens, row * time, all.length - 1);
        System.arraycopy(all, 1, targets, row * time, all.length - 1);
        Arrays.fill(counted, row * time + prompt.length - 1, row * time + all.length - 1, 1);
        boolean ended = written[written.length - 1] == stop;
        int[] said = Arrays.copyOf(written, written.length - (ended ? 1 : 0));
        return plan.reward().of(tokenizer.decode(prompt), tokenizer.decode(said));
    }

    /** Group-relative advantages (Shao et al., arXiv:2402.03300). */
    private void compare(double[] rewards, int first) {
        var group = Arrays.stream(rewards, first, first + plan.answers());
        double mean = group.average().orElseThrow();
        double variance = Arrays.stream(rewards, first, first + plan.answers())
                .map(one -> (one - mean) * (one - mean))
                .average()
                .orElseThrow();
        for (int row = first; row < first + plan.answers(); row++) {
            advantages[row] = (float) ((rewards[row] - mean) / Math.sqrt(variance + 1e-4));
        }
    }

    /** From the policy's own distribution: what a policy gradient is about. */
    private static int drawn(float[] logits, CounterRandom random, int index) {
        double most = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double all = 0;
        for (float logit : logits) {
            all += Math.exp(logit - most);
        }
        double left = random.uniform(index) * all;
        int token = 0;
        while (token < logits.length - 1 && (left -= Math.exp(logits[token] - most)) >= 0) {
            token++;
        }
        return token;
    }

    public void close() {
        session.close();
    }
}
