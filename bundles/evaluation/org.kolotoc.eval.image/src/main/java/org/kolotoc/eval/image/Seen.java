package org.kolotoc.eval.image;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.nn.Layout;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * What a judge sees in pictures.
 *
 * @param features {@code [count, width]}
 * @param logits {@code [count, classes]}
 */
record Seen(float[] features, int width, float[] logits, int classes) {
    /** What the judge is called by metrics. */
    static final String JUDGE = "judge";

    private static final int BATCH = 64;

    int count() {
        return features.length / width;
    }

    /** Of the features of the pictures from one to another, at least two. */
    Gaussian gaussian(int from, int to) {
        double[] some = new double[(to - from) * width];
        Arrays.setAll(some, i -> features[from * width + i]);
        return Gaussian.of(some, width);
    }

    /** Of the features of all pictures, at least two. */
    Gaussian gaussian() {
        return gaussian(0, count());
    }

    /** The class that a picture is taken for. */
    int label(int picture) {
        return largest(logits, picture, classes);
    }

    static int largest(float[] numbers, int row, int width) {
        int largest = 0;
        for (int i = 1; i < width; i++) {
            largest = numbers[row * width + i] > numbers[row * width + largest] ? i : largest;
        }
        return largest;
    }

    /** How sure it is of that class, from 1 by the number of classes to 1. */
    double confidence(int picture) {
        double sum = 0;
        float most = logits[picture * classes + label(picture)];
        for (int i = 0; i < classes; i++) {
            sum += StrictMath.exp(logits[picture * classes + i] - most);
        }
        return 1 / sum;
    }

    /** The share of pictures that are taken for what they are. */
    double accuracy(float[] labels) {
        double right = 0;
        for (int i = 0; i < count(); i++) {
            right += label(i) == (int) labels[i] ? 1 : 0;
        }
        return right / Math.max(1, count());
    }

    /** A judge over its weights, to be shown pictures. */
    record Judged(BoundProgram program, int size, int width, int classes) implements AutoCloseable {
        static Judged of(ProgramContext context) {
            Tracer tracer = new Tracer();
            Model judge = context.model(JUDGE);
            Shape shape = Layout.PICTURES.shape(BATCH, context.data().dimensions()::get);
            Map<String, Tensor> told = judge.forward(
                    judge.weights(tracer, JUDGE),
                    new HashMap<>(Map.of("sample", tracer.feed("sample", DType.F32, shape))),
                    Pass.inference());
            tracer.output("features", told.get("features"));
            tracer.output("classes", told.get("classes"));
            return new Judged(
                    context.prepare("judge", tracer.program()),
                    shape.size() / BATCH,
                    told.get("features").shape().extent(1),
                    told.get("classes").shape().extent(1));
        }

        /** What its program takes. */
        long bytes() {
            return program.explain().scratchBytes() + program.explain().feedBytes();
        }

        /** @param pictures {@code [count, channels, height, width]}, from -1 to 1 */
        Seen see(float[] pictures) {
            int count = pictures.length / size;
            float[] features = new float[count * width];
            float[] logits = new float[count * classes];
            float[] batch = new float[BATCH * size];
            for (int from = 0; from < count; from += BATCH) {
                int some = Math.min(BATCH, count - from);
                System.arraycopy(pictures, from * size, batch, 0, some * size);
                program.buffer("sample").write(batch);
                program.run();
                copy("features", width, features, from, some);
                copy("classes", classes, logits, from, some);
            }
            return new Seen(features, width, logits, classes);
        }

        private void copy(String output, int wide, float[] all, int from, int some) {
            float[] told = new float[BATCH * wide];
            program.buffer(output).read(told);
            System.arraycopy(told, 0, all, from * wide, some * wide);
        }

        @Override
        public void close() {
            program.close();
        }
    }
}
