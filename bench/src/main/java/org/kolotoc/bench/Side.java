package org.kolotoc.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The two that are compared, and how their processes are started. */
enum Side {
    OURS {
        @Override
        StepWorker create(Task task, int threads, String backend) {
            return task.work().ours(OurBackend.of(backend, threads));
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
            return task.besideItself()
                    ? task.beside().ours(OurBackend.of(backend, threads))
                    : task.work().libtorch(threads);
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
