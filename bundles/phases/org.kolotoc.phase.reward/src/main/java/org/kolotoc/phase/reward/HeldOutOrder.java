package org.kolotoc.phase.reward;

import java.util.Arrays;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.nn.statistics.Concordance;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * What is measured on held-out answers: against the order that somebody put them in, and against how good they are.
 *
 * @param questions in a pass; what is more in the last batch only fills it
 */
record HeldOutOrder(BoundProgram program, Batches batches, Programs.Size size, int questions, ChatTokens tokens)
        implements AutoCloseable {
    void measure(Measurements out) {
        int answers = size.answers();
        float[][] rewards = new float[size.questions()][answers];
        float[] losses = new float[size.questions()];
        float[] qualities = new float[size.questions() * answers];
        Concordance labelled = new Concordance();
        Concordance real = new Concordance();
        double loss = 0;
        double sum = 0;
        double squares = 0;
        try (ReferenceBackend host = new ReferenceBackend();
                Buffer quality = host.allocate(DType.F32, Shape.of(size.questions(), answers))) {
            Map<String, Buffer> feeds = Map.of("tokens", program.buffer("tokens"), "quality", quality);
            for (long i = 0; i < batches.count(); i++) {
                batches.fill(i, feeds);
                program.run();
                int rows = (int) Math.min(size.questions(), questions - i * size.questions());
                RewardPhase.requireMarks(program, rows * answers, tokens);
                Comparing.read(program, rewards);
                program.buffer("losses").read(losses);
                quality.read(qualities);
                for (int row = 0; row < rows; row++) {
                    labelled.addFalling(rewards[row]);
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
        out.put("accuracy/validation", labelled.accuracy());
        out.put("accuracy-true/validation", real.accuracy());
        out.put("kendall-tau/validation", real.somersD());
        out.put("deviation/validation", Math.sqrt(Math.max(0, squares / count - sum / count * (sum / count))));
    }

    @Override
    public void close() {
        program.close();
    }
}
