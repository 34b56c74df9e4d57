package org.kolotoc.bench;

import java.util.Locale;

/** What a task computes in a step, by ours and by libtorch: the same mathematics on batches of the same sizes. */
interface Work {
    /** What a step says of what it computed, by which both sides are held against each other. */
    enum Answer {
        /** Mean loss of the batch before the update. */
        LOSS("loss", "%.3f", Double.POSITIVE_INFINITY),
        /** A number that tells one text from another. */
        TEXT("text", "%.0f", 0),
        /** The root of the mean square of all pixels, which rounding changes a little. */
        PIXELS("pixels", "%.4f", 1e-3);

        private final String word;
        private final String format;
        private final double tolerance;

        Answer(String word, String format, double tolerance) {
            this.word = word;
            this.format = format;
            this.tolerance = tolerance;
        }

        String word() {
            return word;
        }

        String told(double answer) {
            return String.format(Locale.ROOT, format, answer);
        }

        /** Whether both sides computed the same; losses of batches that each side draws itself are not compared. */
        boolean agree(double ours, double theirs) {
            return tolerance == Double.POSITIVE_INFINITY || Math.abs(ours - theirs) <= tolerance;
        }
    }

    /** The configuration as the command line names it. */
    String config();

    /** By which the command line asks for it. */
    String word();

    Answer answer();

    /** What a step reads or makes, in the plural. */
    String unit();

    /** How many of them. */
    int items();

    /** Floating-point operations of a step, about, to say beforehand how long it will take; what it had is counted. */
    double aboutFlops();

    StepWorker ours(OurBackend ours);

    StepWorker libtorch(int threads);

    /** Whether its ratio is that of times, and not of speeds. */
    default boolean trains() {
        return answer() == Answer.LOSS;
    }
}
