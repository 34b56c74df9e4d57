package org.kolotoc.engine.prepare;

import java.util.List;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.why.Setting;
import org.kolotoc.tensor.Explanation;

/**
 * Who is in an experiment, and what its programs became on its backend.
 *
 * @param device in words
 * @param steps of all phases
 * @param memoryBytes predicted for everything
 * @param memory who takes it, and what there is
 * @param experiment everybody in it, and who refers to whom
 */
public record Explained(
        String backend,
        String device,
        long steps,
        long memoryBytes,
        MemoryPlan memory,
        Overview experiment,
        List<Program> programs) {

    /**
     * One program.
     *
     * @param nodes of the tensor program
     * @param flops of one run, as {@code cost/step} has them: those of products, see {@link org.kolotoc.tensor.Program#flops}
     * @param bytes moved at least by one run
     * @param unsharedBytes scratch memory if no buffer were used twice
     * @param listing a line a node; null unless asked for
     */
    public record Program(
            String name,
            int nodes,
            long flops,
            long bytes,
            long stateBytes,
            long feedBytes,
            long scratchBytes,
            long unsharedBytes,
            List<Kernel> kernels,
            List<String> listing) {
        /** Everything that has to be there for a run of it. */
        public long memoryBytes() {
            return stateBytes + feedBytes + scratchBytes;
        }
    }

    /**
     * One launch.
     *
     * @param flops what it does, elementwise functions too
     * @param source that its device compiles; null unless asked for, and where there is none
     */
    public record Kernel(String kind, String name, String detail, long flops, long bytes, String source) {}

    /**
     * What is shown only when asked for.
     *
     * @param program only that one
     * @param listing the programs' nodes
     * @param source what the device compiles for each kernel
     */
    public record Wish(Optional<String> program, boolean listing, boolean source) {}

    /**
     * Explains a prepared experiment.
     *
     * @param settings of the experiment, with those that nobody gave
     * @param limit of memory, in bytes; what there is if not given
     * @throws InputError when it has no program of that name
     */
    public static Explained of(Workbench bench, List<Setting> settings, Wish wish, Optional<Long> limit) {
        Optional<String> only = wish.program();
        List<String> names = List.copyOf(bench.programs().keySet());
        only.filter(name -> !names.contains(name)).ifPresent(name -> {
            throw InputError.of(
                    "the experiment has no program '" + name + "'" + Nearest.hint(name, names) + " (there are "
                            + String.join(", ", names) + ")",
                    "");
        });
        MemoryPlan memory = MemoryPlan.of(bench, limit);
        return new Explained(
                bench.backend().id(),
                bench.backend().device(),
                bench.steps(),
                memory.total(),
                memory,
                Overview.of(bench, memory, settings),
                bench.programs().entrySet().stream()
                        .filter(entry -> only.isEmpty() || only.get().equals(entry.getKey()))
                        .map(entry -> program(entry.getKey(), entry.getValue(), wish))
                        .toList());
    }

    private static Program program(String name, Prepared prepared, Wish wish) {
        Explanation explanation = prepared.explain();
        return new Program(
                name,
                prepared.program().nodes().size(),
                (long) prepared.program().flops(),
                explanation.bytes(),
                explanation.stateBytes(),
                explanation.feedBytes(),
                explanation.scratchBytes(),
                explanation.unsharedBytes(),
                explanation.kernels().stream()
                        .map(k -> new Kernel(
                                k.kind(),
                                k.name(),
                                k.detail(),
                                k.flops(),
                                k.bytes(),
                                wish.source() ? prepared.source(k.name()).orElse(null) : null))
                        .toList(),
                wish.listing() ? prepared.program().listing().lines().toList() : null);
    }
}
