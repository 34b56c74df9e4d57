package org.kolotoc.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.phase.pretrain.PretrainSettings.Precision;

/** The two that are compared, and how their processes are started. */
enum Side {
    OURS {
        @Override
        StepWorker create(Task task, int threads, String backend) {
            return ours(task.kind(), task.config(), task.sequences(), OurBackend.of(backend, threads));
        }

        @Override
        List<String> options() {
            return List.of(System.getProperty(JVM, "--add-modules\njdk.incubator.vector")
                    .split("\n"));
        }

        @Override
        List<Map<String, String>> environments(int threads) {
            return List.of(Map.of());
        }
    },

    PEER {
        @Override
        StepWorker create(Task task, int threads, String backend) {
            if (task.besideItself()) {
                return ours(task.beside(), task.config(), 1, OurBackend.of(backend, threads));
            }
            return switch (task.kind()) {
                case STEP, BF16_STEP -> LibtorchStep.pretrain(task.config(), threads);
                case FINETUNE -> LibtorchStep.finetune(task.config(), threads);
                case REWARD -> LibtorchStep.reward(task.config(), threads);
                case RLHF -> new LibtorchRlhf(task.config(), threads);
                case RLHF_UPDATE -> throw new IllegalArgumentException("is timed beside our own steps alone");
                case GENERATION -> new LibtorchGeneration(task.config(), threads);
            };
        }

        /** MKL in the place of OpenBLAS, on libtorch's own OpenMP threads. */
        @Override
        List<String> options() {
            return List.of(
                    "-Dorg.bytedeco.openblas.load=mkl_rt",
                    "-Dorg.bytedeco.javacpp.cachedir=" + System.getProperty(NATIVES, "natives"));
        }

        /**
         * OpenMP's threads wait by spinning, unless told otherwise. That is faster on idle cores and many times slower on
         * busy ones.
         */
        @Override
        List<Map<String, String>> environments(int threads) {
            String count = Integer.toString(threads);
            Map<String, String> usual = Map.of("MKL_THREADING_LAYER", "GNU", "OMP_NUM_THREADS", count);
            Map<String, String> passive = new HashMap<>(usual);
            passive.put("OMP_WAIT_POLICY", "passive");
            return threads == 1 ? List.of(usual) : List.of(usual, passive);
        }
    };

    /** System property: the folder into which the peer's libraries are unpacked. */
    static final String NATIVES = "kolotoc.bench.natives";

    /** System property: the JVM's options with which the launcher script starts ours, a line each. */
    static final String JVM = "kolotoc.bench.jvm";

    private static StepWorker ours(Task.Kind kind, GptConfig config, int sequences, OurBackend ours) {
        return switch (kind) {
            case STEP -> KolotocStep.pretrain(config, Precision.F32, ours);
            case BF16_STEP -> KolotocStep.pretrain(config, Precision.BF16, ours);
            case FINETUNE -> KolotocStep.finetune(config, ours);
            case REWARD -> KolotocStep.reward(config, ours);
            case RLHF -> KolotocStep.rlhf(config, false, ours);
            case RLHF_UPDATE -> KolotocStep.rlhf(config, true, ours);
            case GENERATION -> new KolotocGeneration(config, sequences, ours);
        };
    }

    /** Whose processes do its part of a task. */
    Side process(Task task) {
        return task.besideItself() ? OURS : this;
    }

    /** @param backend id of what ours computes on; the peer's is the processor */
    abstract StepWorker create(Task task, int threads, String backend);

    /** Options of the JVM beyond those that both have. */
    abstract List<String> options();

    /** What to try; the fastest counts. */
    abstract List<Map<String, String>> environments(int threads);
}
