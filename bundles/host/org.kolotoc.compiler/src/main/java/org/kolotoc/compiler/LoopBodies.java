package org.kolotoc.compiler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.Loop;
import org.kolotoc.tensor.Tensor;

/** Plans of the bodies of loops, made once however often what is around them is tried. */
final class LoopBodies {
    private final KernelLimit limit;
    private final Map<List<Object>, Plan> plans = new HashMap<>();

    LoopBodies(KernelLimit limit) {
        this.limit = limit;
    }

    /** @param stacked the values that are wanted of each step, by names */
    Plan of(Loop loop, Map<String, Tensor> stacked) {
        List<Object> key = List.of(loop, stacked);
        Plan known = plans.get(key);
        if (known == null) {
            known = Compiler.compile(loop.giving(stacked), limit);
            plans.put(key, known);
        }
        return known;
    }
}
