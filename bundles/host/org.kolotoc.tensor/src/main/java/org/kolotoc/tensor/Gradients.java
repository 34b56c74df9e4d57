package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Reverse mode differentiation, program to program: the derivative is more nodes in the same trace, and can be
 * differentiated again.
 *
 * <p>Walks from the result back to the operands. Each node gets the sum of what its users send back (its cotangent),
 * and its row in {@link GradientRules} says what it sends on. Nodes that the wanted tensors don't reach are left alone.
 */
public final class Gradients {
    private Gradients() {}

    /**
     * Derivatives of a scalar.
     *
     * @param loss {@code f32 []}
     * @param wrt {@code f32} tensors of the same trace
     * @return a tensor of the same shape for each, zeros where the loss does not depend on it
     * @throws ShapeError when the loss is not a scalar
     */
    public static List<Tensor> of(Tensor loss, List<Tensor> wrt) {
        requireScalar(loss);
        return vjp(loss, loss.constant(1), wrt);
    }

    /**
     * {@link #of} to the same bits with less memory and more work: what was made in a {@link Tracer#segment segment} is
     * made again, from what enters the segment, when its gradient is due, and does not live until then (Chen et al.,
     * arXiv:1604.06174).
     */
    public static List<Tensor> rematerializing(Tensor loss, List<Tensor> wrt) {
        requireScalar(loss);
        return told(loss, vjp(List.of(loss), List.of(loss.constant(1)), wrt, true), wrt);
    }

    private static void requireScalar(Tensor loss) {
        if (loss.shape().rank() != 0 || loss.dtype() != DType.F32) {
            throw loss.tracer().error("gradient of " + loss + ": only an f32 scalar has one; sum it first");
        }
    }

    /**
     * The vector-Jacobian product: how a change of each tensor changes the inner product of a value with a cotangent.
     *
     * @param value {@code f32}
     * @param cotangent of the value's shape
     * @param wrt {@code f32} tensors of the same trace
     */
    public static List<Tensor> vjp(Tensor value, Tensor cotangent, List<Tensor> wrt) {
        return told(value, vjp(List.of(value), List.of(cotangent), wrt, false), wrt);
    }

    private static List<Tensor> told(Tensor value, List<Tensor> derivatives, List<Tensor> wrt) {
        for (int i = 0; i < wrt.size(); i++) {
            value.tracer().derived(new Derivative(value, wrt.get(i), derivatives.get(i)));
        }
        return derivatives;
    }

    /** The sum of the products of several values, which may be {@code wrt} themselves. */
    static List<Tensor> vjp(List<Tensor> values, List<Tensor> cotangents, List<Tensor> wrt, boolean recomputing) {
        Tracer tracer = cotangents.getFirst().tracer();
        Set<Tensor> wanted = new HashSet<>(wrt);
        List<Tensor> path = between(values, wanted);
        Map<Tensor, List<Tensor>> sent = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            sent.computeIfAbsent(values.get(i), _ -> new ArrayList<>()).add(cotangents.get(i));
        }
        Map<Tensor, Tensor> total = new HashMap<>();
        Set<Tensor> onPath = new HashSet<>(path);
        Map<Integer, Rematerialization> repetitions = new HashMap<>();
        ScanResults scans = new ScanResults(path);
        for (Tensor node : path) {
            List<Tensor> parts = sent.remove(node);
            if (parts == null && !scans.isAwaited(node)) {
                continue;
            }
            try (Tracer.Scope _ = tracer.scopeOf(node.origin(), "gradient")) {
                Tensor sum = parts == null ? null : sum(parts);
                if (sum != null) {
                    total.put(node, sum);
                }
                int segment = recomputing ? tracer.segmentOf(node) : 0;
                Rematerialization rematerialization = segment == 0
                        ? null
                        : repetitions.computeIfAbsent(segment, _ -> new Rematerialization(tracer, segment, sum));
                Tensor there = segment == 0 ? node : rematerialization.of(node);
                UnaryOperator<Tensor> original =
                        operand -> segment == 0 ? operand : rematerialization.original(operand);
                GradientRules.Sink sink = (operand, part) -> {
                    if (onPath.contains(original.apply(operand))) {
                        sent.computeIfAbsent(original.apply(operand), _ -> new ArrayList<>())
                                .add(part);
                    }
                };
                if (!(node.op() instanceof Op.Scan)) {
                    GradientRules.send(there, sum, sink);
                    continue;
                }
                if (sum != null) {
                    scans.add(node, there, sum);
                }
                if (scans.isAwaited(node)) {
                    ScanGradient.send(
                            scans.of(node), operand -> onPath.contains(original.apply(operand)), recomputing, sink);
                }
            }
        }
        return wrt.stream()
                .map(tensor ->
                        total.containsKey(tensor) ? total.get(tensor) : tracer.constant(0, DType.F32, tensor.shape()))
                .toList();
    }

    /** The nodes between the wanted tensors and the results, through {@code f32} alone, users before operands. */
    private static List<Tensor> between(List<Tensor> roots, Set<Tensor> wanted) {
        Set<Tensor> seen = new HashSet<>(roots);
        List<Tensor> below = new ArrayList<>(seen);
        for (int i = 0; i < below.size(); i++) {
            for (Tensor operand : below.get(i).operands()) {
                if (seen.add(operand)) {
                    below.add(operand);
                }
            }
        }
        below.sort(Comparator.comparingInt(Tensor::id));
        Set<Tensor> reached = new LinkedHashSet<>();
        for (Tensor node : below) {
            boolean passes = node.dtype() == DType.F32
                    && !(node.op() instanceof Op.StopGradient)
                    && node.operands().stream().anyMatch(reached::contains);
            if (wanted.contains(node) || passes) {
                reached.add(node);
            }
        }
        return List.copyOf(reached).reversed();
    }

    /** What several users send back, added up; boxes that tile the tensor (slices of one product) are put side by side. */
    private static Tensor sum(List<Tensor> parts) {
        Tensor tiled = tiled(parts);
        if (tiled != null) {
            return tiled;
        }
        Tensor sum = parts.getFirst();
        for (Tensor part : parts.subList(1, parts.size())) {
            sum = sum.add(part);
        }
        return sum;
    }

    private static Tensor tiled(List<Tensor> parts) {
        if (parts.size() < 2 || !(parts.getFirst().op() instanceof Op.Pad)) {
            return null;
        }
        int axis = paddedAxis(parts.getFirst());
        List<Tensor> ordered = new ArrayList<>();
        for (Tensor part : parts) {
            if (!(part.op() instanceof Op.Pad pad) || pad.value() != 0 || paddedAxis(part) != axis || axis < 0) {
                return null;
            }
            ordered.add(part);
        }
        ordered.sort((a, b) -> Integer.compare(low(a, axis), low(b, axis)));
        int at = 0;
        for (Tensor part : ordered) {
            if (low(part, axis) != at) {
                return null;
            }
            at += part.operand(0).shape().extent(axis);
        }
        return at != parts.getFirst().shape().extent(axis)
                ? null
                : Tensor.concat(
                        axis, ordered.stream().map(part -> part.operand(0)).toList());
    }

    private static int low(Tensor padded, int axis) {
        return ((Op.Pad) padded.op()).low().get(axis);
    }

    /** The one axis that is padded, or -1. */
    private static int paddedAxis(Tensor padded) {
        int found = -1;
        for (int axis = 0; axis < padded.shape().rank(); axis++) {
            if (padded.shape().extent(axis) != padded.operand(0).shape().extent(axis)) {
                if (found >= 0) {
                    return -1;
                }
                found = axis;
            }
        }
        return found;
    }
}
