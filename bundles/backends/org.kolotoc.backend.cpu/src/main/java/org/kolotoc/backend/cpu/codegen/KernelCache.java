package org.kolotoc.backend.cpu.codegen;

import java.util.LinkedHashMap;
import java.util.Map;
import org.kolotoc.compiler.Launch;

/**
 * The kernels that were asked for last, by their structure: programs of one process share them, so that HotSpot compiles
 * each once. What falls out stays with the programs that have it and is written anew for others.
 */
final class KernelCache {
    /** Some tens of megabytes with their machine code; a training run has about a hundred. */
    private static final int MOST = 512;

    /** Holds classes of this bundle and of the plan alone, none of a plugin that traced a program. */
    static final KernelCache SHARED = new KernelCache(MOST);

    private final Map<Launch.Fused, KernelClass> kernels;

    /** @param most kernels that are kept */
    KernelCache(int most) {
        this.kernels = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Launch.Fused, KernelClass> eldest) {
                return size() > most;
            }
        };
    }

    /** The code for a launch. */
    synchronized KernelClass of(Launch.Fused launch) {
        return kernels.computeIfAbsent(Structure.of(launch), KernelWriter::write);
    }
}
