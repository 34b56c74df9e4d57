package org.kolotoc.backend.cpu;

import java.util.function.IntToLongFunction;
import org.kolotoc.compiler.Launch;
import org.kolotoc.tensor.DType;

/** Runs the launches of a loop's body, step after step; their code is the same in all steps. */
final class LoopWork implements Work {
    private final Launch.Loop loop;
    private final Work[] before;
    private final Work[][] works;
    /** Of each carry where it comes from, where it goes, and its bytes. */
    private final long[][] carries;

    /**
     * Binds a loop.
     *
     * @param address of a buffer of the plan around it
     * @param before what is done once, before the first step
     * @param works of each launch in each step; one where it is the same in all steps
     */
    LoopWork(Launch.Loop loop, IntToLongFunction address, Work[] before, Work[][] works) {
        this.loop = loop;
        this.before = before;
        this.works = works;
        this.carries = loop.carries().stream()
                .map(carry -> new long[] {
                    address.applyAsLong(carry.initial()),
                    address.applyAsLong(carry.buffer()),
                    (long) DType.BYTES * carry.size()
                })
                .toArray(long[][]::new);
    }

    @Override
    public void run() {
        for (long[] carry : carries) {
            Columns.copy(carry[0], carry[1], carry[2]);
        }
        for (Work work : before) {
            work.run();
        }
        for (int step = 0; step < loop.steps(); step++) {
            for (Work[] work : works) {
                work[work.length == 1 ? 0 : step].run();
            }
        }
    }
}
