package org.kolotoc.bench;

import java.util.List;
import java.util.Locale;
import org.kolotoc.bench.TextWork.Kind;

/**
 * Something that both sides do, and the ratio that is wanted.
 *
 * @param name in JSON lines
 * @param work what ours does
 * @param beside what of ours stands beside it; null where libtorch does the same
 * @param wanted null where none is
 * @param memory wanted ratio of the most memory the processes ever held; null where none is
 */
record Task(String name, Work work, Work beside, Limit wanted, Limit memory) {
    /** A bound of a ratio ours/theirs. */
    record Limit(boolean upper, double bound) {
        static Limit atMost(double bound) {
            return new Limit(true, bound);
        }

        static Limit atLeast(double bound) {
            return new Limit(false, bound);
        }

        boolean met(double ratio) {
            return upper ? ratio <= bound : ratio >= bound;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %.2f", upper ? "<=" : ">=", bound);
        }
    }

    /** Everything that is timed when nothing is named. Libtorch's AdamW is the fused one. */
    static final List<Task> ALL = List.of(
            libtorch("step-A", TextWork.of(Kind.STEP, "A"), Limit.atMost(0.70), Limit.atMost(0.8)),
            libtorch("step-B", TextWork.of(Kind.STEP, "B"), Limit.atMost(0.75), Limit.atMost(0.8)),
            libtorch("step-C", TextWork.of(Kind.STEP, "C"), Limit.atMost(0.75), Limit.atMost(0.8)),
            libtorch("step-R", TextWork.of(Kind.STEP, "R"), null, null),
            libtorch("step-B-bf16", TextWork.of(Kind.BF16_STEP, "B"), Limit.atMost(0.35), null),
            libtorch("step-DCGAN", PictureWork.DCGAN, Limit.atMost(0.70), null),
            libtorch("step-UNet", PictureWork.UNET, Limit.atMost(0.75), null),
            libtorch("finetune-B", TextWork.of(Kind.FINETUNE, "B"), Limit.atMost(0.8), null),
            libtorch("reward-B", TextWork.of(Kind.REWARD, "B"), Limit.atMost(0.8), null),
            libtorch("rlhf-B", TextWork.of(Kind.RLHF, "B"), Limit.atMost(0.8), null),
            besideSteps("finetune-B-step", Kind.FINETUNE, "B"),
            besideSteps("reward-B-step", Kind.REWARD, "B"),
            besideSteps("rlhf-update-B-step", Kind.RLHF_UPDATE, "B"),
            libtorch("generation-B", TextWork.of(Kind.GENERATION, "B"), Limit.atLeast(1.5), null),
            sixteen("generation-A-16", "A"),
            sixteen("generation-B-16", "B"),
            sixteen("generation-C-16", "C"),
            libtorch("generation-UNet", PictureWork.DDIM, Limit.atLeast(1.3), null));

    private static Task libtorch(String name, Work work, Limit wanted, Limit memory) {
        return new Task(name, work, null, wanted, memory);
    }

    /** What a token costs beside what it costs in pre-training. */
    private static Task besideSteps(String name, Kind kind, String config) {
        return new Task(name, TextWork.of(kind, config), TextWork.of(Kind.STEP, config), Limit.atMost(1.2), null);
    }

    /** Sixteen sequences at once, as roll-outs have them, beside one. */
    private static Task sixteen(String name, String config) {
        return new Task(
                name,
                new TextWork(Kind.GENERATION, GptConfig.of(config), 16),
                TextWork.of(Kind.GENERATION, config),
                Limit.atLeast(6),
                null);
    }

    /** The task of a name; that of a configuration alone means its training step. */
    static Task of(String name) {
        return ALL.stream()
                .filter(task -> task.name().equals(name) || task.name().equals("step-" + name))
                .findFirst()
                .orElseThrow();
    }

    /** The same without the ratios that are wanted on the processor. */
    Task elsewhere() {
        return new Task(name, work, beside, null, null);
    }

    /** Whether the other side is ours too, and not libtorch. */
    boolean besideItself() {
        return beside != null;
    }

    /** What the other side does. */
    Work peerWork() {
        return besideItself() ? beside : work;
    }

    /** Ratio ours/theirs of what the task is about, from milliseconds a step: of times of an item, or of speeds. */
    double ratio(double ours, double peer) {
        double ratio = ours / work.items() / (peer / peerWork().items());
        return work.trains() ? ratio : 1 / ratio;
    }

    @Override
    public String toString() {
        return work + (besideItself() ? "; beside our own " + beside : "");
    }
}
