package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** How far two backends may differ. */
final class Agreement {
    /** Relative error of a chain of elementary functions in single precision. */
    private static final double ELEMENTARY = 4e-6;

    /** Bits of a float behind the first. */
    private static final int FRACTION = 23;

    /** The last bit of a subnormal number. */
    private static final double SMALLEST = 2 * Float.MIN_VALUE;

    /** Elements of all values of a program whose bounds a test has the time for: they take ten times as many. */
    private static final long MOST_BOUNDED = 10_000_000;

    private Agreement() {}

    /** Floats as near as rounding lets them be, all else to the bit. */
    static void close(Case test, Trial expected, Trial actual) {
        assertEquals(expected.results().keySet(), actual.results().keySet(), test.name());
        Map<String, double[]> bounds = null;
        double tolerance = test.runs() * tolerance(test.program());
        for (Map.Entry<String, Trial.Result> result : expected.results().entrySet()) {
            String what = test.name() + ", " + result.getKey();
            Trial.Result wanted = result.getValue();
            Trial.Result got = actual.results().get(result.getKey());
            if (test.exact() || wanted.ints() != null) {
                assertArrayEquals(wanted.bits(), got.bits(), what);
            } else if (!Arrays.equals(wanted.bits(), got.bits())) {
                bounds = bounds == null ? bounds(test) : bounds;
                close(what, wanted.floats(), got.floats(), bounds.get(result.getKey()), tolerance);
            }
        }
    }

    private static boolean isLarge(Program program) {
        return program.nodes().stream().mapToLong(node -> node.shape().size()).sum() > MOST_BOUNDED;
    }

    /** How far each element may be off, by the name of its output or state; none of a large program. */
    private static Map<String, double[]> bounds(Case test) {
        if (isLarge(test.program())) {
            return Map.of();
        }
        Program program = Rounding.of(test.program());
        Backend reference = new ReferenceBackend(ReferenceBackend.Precision.DOUBLE);
        Case exact = test;
        for (String input : program.inputs().keySet()) {
            exact = input.startsWith(Rounding.BOUND) ? exact.with(input, Case.Values.of(0)) : exact;
        }
        Map<String, double[]> bounds = new HashMap<>();
        try (Executable executable = reference.compile(program);
                Bound bound = Bound.of(exact, program, reference, executable)) {
            for (int i = 0; i < test.runs(); i++) {
                bound.step().run();
            }
            bound.buffers().forEach((name, buffer) -> {
                if (name.startsWith(Rounding.BOUND)) {
                    bounds.put(name.substring(Rounding.BOUND.length()), ReferenceBackend.elements(buffer));
                }
            });
        }
        return bounds;
    }

    static void sameBits(Case test, Trial one, Trial other) {
        one.results()
                .forEach((name, result) -> assertArrayEquals(
                        result.bits(), other.results().get(name).bits(), test.name() + ", " + name));
    }

    /** An error of each element that grows with the root of the longest sum, relative to the element and the largest. */
    private static double tolerance(Program program) {
        double longest = 1;
        List<Tensor> nodes = program.unrollScans().nodes();
        for (Tensor node : nodes) {
            longest = Math.max(longest, summed(node));
        }
        double rounded = nodes.stream().mapToDouble(Agreement::rounded).max().orElse(0);
        return rounded > 0 ? rounded : ELEMENTARY * Math.sqrt(longest);
    }

    /**
     * The step of rounded operands, relative to the number: where one differs in its last bit as a float, it may be
     * rounded to the number beside. Inputs are the same to the bit.
     */
    private static double rounded(Tensor node) {
        return node.op() instanceof Op.MatMul product
                        && product.precision() != Op.Precision.F32
                        && !node.operands().stream().allMatch(Agreement::isInput)
                ? step(product.precision())
                : 0;
    }

    /** From a number as a precision has it to the next, relative to the smallest of its binary order. */
    static double step(Op.Precision precision) {
        return Math.scalb(1.0, precision.dropped() - FRACTION);
    }

    private static boolean isInput(Tensor node) {
        return switch (node.op()) {
            case Op.Input _, Op.Literal _ -> true;
            case Op.Reshape _, Op.Transpose _, Op.Slice _, Op.Broadcast _ -> isInput(node.operand(0));
            default -> false;
        };
    }

    /** How many terms each element of a value is a sum of. */
    static double summed(Tensor node) {
        return switch (node.op()) {
            case Op.MatMul _ -> node.operand(0).shape().extent(-1);
            case Op.Reduce _ ->
                node.operand(0).shape().size()
                        / (double) Math.max(1, node.shape().size());
            case Op.Conv2d _ ->
                kernel(node.operand(1)) * node.operand(1).shape().extent(1);
            case Op.Conv2dInputGradient _ ->
                kernel(node.operand(1)) * node.operand(1).shape().extent(0);
            case Op.Conv2dWeightGradient _ -> {
                Shape result = node.operand(1).shape();
                yield (double) result.extent(0) * result.extent(2) * result.extent(3);
            }
            case Op.Attention _, Op.AttentionGradient _ -> {
                Shape queries = node.operand(0).shape();
                Shape keys = node.operand(1).shape();
                yield Math.max(queries.extent(-2), keys.extent(-2)) + (double) keys.extent(-1);
            }
            case Op.ScatterAddAlong along -> node.operand(0).shape().extent(along.axis());
            case Op.CumulativeSum sum -> node.shape().extent(sum.axis());
            case Op.ScatterAdd _ -> node.operand(0).shape().size();
            default -> 1;
        };
    }

    private static double kernel(Tensor weights) {
        return (double) weights.shape().extent(2) * weights.shape().extent(3);
    }

    /**
     * Both sides may be off by a bound; where there are none, or they grew out of all measure, the largest element is one.
     */
    private static void close(String what, float[] expected, float[] actual, double[] bounds, double tolerance) {
        assertEquals(expected.length, actual.length, what);
        double largest = 0;
        for (float value : expected) {
            largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        for (int i = 0; i < expected.length; i++) {
            double most = tolerance * (Math.abs(expected[i]) + largest);
            double bound = (bounds != null && 2 * bounds[i] < most ? 2 * bounds[i] : most) + SMALLEST;
            boolean same = Float.compare(expected[i], actual[i]) == 0;
            if (!same && !(Math.abs((double) expected[i] - actual[i]) <= bound)) {
                fail(what + ": element " + i + " of " + expected.length + " is " + actual[i] + ", the reference has "
                        + expected[i] + " (allowed difference " + bound + ")");
            }
        }
    }
}
