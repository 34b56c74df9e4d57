package org.kolotoc.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The two that are compared, and how their processes are started. */
enum Side {
    OURS {
        @Override
        StepWorker create(GptConfig config, int threads) {
            return new KolotocGpt(config, threads);
        }

        @Override
        List<String> options() {
            return List.of("--add-modules", "jdk.incubator.vector", "--sun-misc-unsafe-memory-access=allow");
        }

        @Override
        List<Map<String, String>> environments(int threads) {
            return List.of(Map.of());
        }
    },

    PEER {
        @Override
        StepWorker create(GptConfig config, int threads) {
            return new LibtorchGpt(config, threads);
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

    abstract StepWorker create(GptConfig config, int threads);

    /** Options of the JVM beyond those that both have. */
    abstract List<String> options();

    /** What to try; the fastest counts. */
    abstract List<Map<String, String>> environments(int threads);
}
