package org.kolotoc.tensor;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Results of scans on the way of a gradient. Those of one loop wait for each other, so that one loop sends back what all of
 * them got: until the first of them, which comes last on the way back.
 */
final class ScanResults {
    private final Map<List<Object>, Tensor> first = new HashMap<>();
    private final Map<List<Object>, Map<Tensor, Tensor>> cotangents = new HashMap<>();

    /** @param path users before operands */
    ScanResults(List<Tensor> path) {
        path.stream().filter(node -> node.op() instanceof Op.Scan).forEach(node -> first.put(key(node), node));
    }

    /** Results of one loop over the same operands, in one segment, have one; the loop is its first part. */
    static List<Object> key(Tensor node) {
        return List.of(((Op.Scan) node.op()).loop(), node.operands(), node.segment());
    }

    /** Whether it is the one that others wait for, which have cotangents already. */
    boolean isAwaited(Tensor node) {
        return node.op() instanceof Op.Scan && first.get(key(node)) == node && cotangents.containsKey(key(node));
    }

    /** @param there the same result as the gradient reads it */
    void add(Tensor node, Tensor there, Tensor cotangent) {
        cotangents.computeIfAbsent(key(node), _ -> new LinkedHashMap<>()).put(there, cotangent);
    }

    /** All cotangents of the results of a loop. */
    Map<Tensor, Tensor> of(Tensor node) {
        return cotangents.get(key(node));
    }
}
