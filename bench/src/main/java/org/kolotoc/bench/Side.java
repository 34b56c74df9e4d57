package org.kolotoc.bench;

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
        Map<String, String> environment(int threads) {
            return Map.of();
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

        @Override
        Map<String, String> environment(int threads) {
            return Map.of("MKL_THREADING_LAYER", "GNU", "OMP_NUM_THREADS", Integer.toString(threads));
        }
    };

    /** System property: the folder into which the peer's libraries are unpacked. */
    static final String NATIVES = "kolotoc.bench.natives";

    abstract StepWorker create(GptConfig config, int threads);

    /** Options of the JVM beyond those that both have. */
    abstract List<String> options();

    abstract Map<String, String> environment(int threads);
}
