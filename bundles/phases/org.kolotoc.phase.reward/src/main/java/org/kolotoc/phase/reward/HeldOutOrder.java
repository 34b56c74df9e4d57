package org.kolotoc.phase.reward;

import java.util.Arrays;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.nn.statistics.Concordance;
import org.kolotoc.nn.statistics.Interval;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * What is measured on held-out answers: against the order that somebody put them in, and against how good they are.
 * Beside it stands what {@link Baselines} say of it.
 */
final class HeldOutOrder implements AutoCloseable {
    private final BoundProgram program;
    private final Batches batches;
    private final Batches training;
    private final Programs.Size size;
    private final int questions;
    private final ChatTokens tokens;
    private Baselines baselines;

    /**
     * Measures by a program.
     *
     * @param questions in a pass; what is more in the last batch only fills it
     * @param training what baselines learn from
     */
    HeldOutOrder(
            BoundProgram program,
            Batches batches,
            Batches training,
            Programs.Size size,
            int questions,
            ChatTokens tokens) {
        this.program = program;
        this.batches = batches;
        this.training = training;
        this.size = size;
        this.questions = questions;
        this.tokens = tokens;
    }

    void measure(Measurements out) {
        if (baselines == null) {
            baselines = Baselines.of(training, size, tokens);
        }
        int answers = size.answers();
        float[][] rewards = new float[size.questions()][answers];
        float[] losses = new float[size.questions()];
        float[] qualities = new float[size.questions() * answers];
        int[] rows = new int[size.questions() * answers * size.time()];
        Concordance labelled = new Concordance();
        Concordance real = new Concordance();
        Concordance words = new Concordance();
        Concordance length = new Concordance();
        double loss = 0;
        double sum = 0;
        double squares = 0;
        try (ReferenceBackend host = new ReferenceBackend();
                Buffer quality = host.allocate(DType.F32, Shape.of(size.questions(), answers))) {
            Map<String, Buffer> feeds = Map.of("tokens", program.buffer("tokens"), "quality", quality);
            for (long i = 0; i < batches.count(); i++) {
                batches.fill(i, feeds);
                program.run();
                int filled = (int) Math.min(size.questions(), questions - i * size.questions());
                RewardPhase.requireMarks(program, filled * answers, tokens);
                program.buffer("tokens").read(rows);
                Comparing.read(program, rewards);
                program.buffer("losses").read(losses);
                quality.read(qualities);
                for (int row = 0; row < filled; row++) {
                    labelled.addFalling(rewards[row]);
                    words.addFalling(baselines.byWords(rows, row));
                    length.addFalling(baselines.byLength(rows, row));
                    real.add(rewards[row], Arrays.copyOfRange(qualities, row * answers, (row + 1) * answers));
                    loss += losses[row];
                    for (float reward : rewards[row]) {
                        sum += reward;
                        squares += (double) reward * reward;
                    }
                }
                out.reached(i + 1, batches.count());
            }
        }
        double count = (double) questions * answers;
        out.put("loss/validation", loss / questions);
        double accuracy = labelled.accuracy();
        out.put("accuracy/validation", accuracy);
        // Questions count, not pairs: those of one question are right together.
        Interval interval = Interval.wilson(accuracy * questions, questions, 0.95);
        out.put("accuracy-low/validation", interval.low());
        out.put("accuracy-high/validation", interval.high());
        out.put("accuracy-length/validation", length.accuracy());
        out.put("accuracy-words/validation", words.accuracy());
        out.put("accuracy-true/validation", real.accuracy());
        // Answers may be equally good, and rewards equal.
        out.put("kendall-tau/validation", real.tauB());
        out.put("deviation/validation", Math.sqrt(Math.max(0, squares / count - sum / count * (sum / count))));
    }

    @Override
    public void close() {
        program.close();
    }
}
