package org.kolotoc.api;

import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.Buffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A prepared phase. The engine owns the loop: it asks for one step after the other, and checkpoints, evaluates, samples
 * and swaps between them.
 *
 * <p>All that carries over from step to step lies in the {@link TrainState}; a step is a function of that state, the
 * seed and its index. So a run that was stopped after any step and resumed gives the same bytes.
 */
@ConsumerType
public interface Training extends AutoCloseable {
    /** {@link #step} as a lambda. */
    @FunctionalInterface
    interface Step {
        void take(long index, Measurements out);
    }

    /** {@link #evaluate} as a lambda. */
    @FunctionalInterface
    interface Evaluation {
        void measure(Measurements out);

        /**
         * The mean of what a program sums over each batch of a pass, in double precision.
         *
         * @param measure what it is put as
         * @param program with the scalar outputs {@code sum} and {@code count}: a sum over what counts of a batch, and how much
         *     that is
         * @param fields feeds of the program that the data fills
         */
        static Evaluation mean(String measure, BoundProgram program, Batches heldOut, String... fields) {
            return out -> {
                Map<String, Buffer> feeds = program.buffers(fields);
                double sum = 0;
                double count = 0;
                for (long i = 0; i < heldOut.count(); i++) {
                    heldOut.fill(i, feeds);
                    program.run();
                    sum += program.scalar("sum");
                    count += program.scalar("count");
                    out.reached(i + 1, heldOut.count());
                }
                out.put(measure, sum / count);
            };
        }
    }

    /** A training of parts; {@link #close} closes the programs. */
    static Training of(List<BoundProgram> programs, Step step, Evaluation evaluation) {
        return new TrainingParts(List.copyOf(programs), step, evaluation);
    }

    /**
     * Takes one step.
     *
     * @param index from 0 to {@link PhaseContext#steps} - 1
     * @param out gets the phase's {@link Measure}s of a step
     */
    void step(long index, Measurements out);

    /**
     * Measures on held-out data without changing any state.
     *
     * @param out gets the phase's {@link Measure}s of an evaluation, those for which there is data
     */
    void evaluate(Measurements out);

    /** Frees the programs; may be called again. The train state stays. */
    @Override
    void close();
}
