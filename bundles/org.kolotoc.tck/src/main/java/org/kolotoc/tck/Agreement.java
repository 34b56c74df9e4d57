package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** How far two backends may differ. */
final class Agreement {
    /** Relative error of a chain of elementary functions in single precision. */
    private static final double ELEMENTARY = 4e-6;

    /**
     * Two steps of bfloat16: where an operand differs in its last bit as a float, it may be rounded to the number beside.
     */
    private static final double ROUNDED = 1.0 / 128;

    private Agreement() {}

    /** Floats within the tolerance that the program's sums ask for, all else to the bit. */
    static void close(Case test, Trial expected, Trial actual) {
        assertEquals(expected.results().keySet(), actual.results().keySet(), test.name());
        double tolerance = test.runs() * tolerance(test.program());
        expected.results().forEach((name, result) -> {
            Trial.Result got = actual.results().get(name);
            if (test.exact() || result.ints() != null) {
                assertArrayEquals(result.bits(), got.bits(), test.name() + ", " + name);
            } else {
                close(test.name() + ", " + name, result.floats(), got.floats(), tolerance);
            }
        });
    }

    static void sameBits(Case test, Trial one, Trial other) {
        one.results()
                .forEach((name, result) -> assertArrayEquals(
                        result.bits(), other.results().get(name).bits(), test.name() + ", " + name));
    }

    /** An error of each element that grows with the root of the longest sum, relative to the element and the largest. */
    private static double tolerance(Program program) {
        double longest = 1;
        for (Tensor node : program.nodes()) {
            longest = Math.max(longest, summed(node));
        }
        boolean rounds = program.nodes().stream().anyMatch(Agreement::roundsWhatWasComputed);
        return rounds ? ROUNDED : ELEMENTARY * Math.sqrt(longest);
    }

    /** Whether it is a product in bfloat16 of other operands than inputs, which are the same to the bit. */
    private static boolean roundsWhatWasComputed(Tensor node) {
        return node.op() instanceof Op.MatMul product
                && product.precision() == Op.Precision.BF16
                && !node.operands().stream().allMatch(Agreement::isInput);
    }

    private static boolean isInput(Tensor node) {
        return switch (node.op()) {
            case Op.Input _ -> true;
            case Op.Reshape _, Op.Transpose _, Op.Slice _, Op.Broadcast _ -> isInput(node.operand(0));
            default -> false;
        };
    }

    private static double summed(Tensor node) {
        return switch (node.op()) {
            case Op.MatMul _ -> node.operand(0).shape().extent(-1);
            case Op.Reduce _ ->
                node.operand(0).shape().size()
                        / (double) Math.max(1, node.shape().size());
            case Op.Attention _, Op.AttentionGradient _ -> {
                Shape queries = node.operand(0).shape();
                Shape keys = node.operand(1).shape();
                yield Math.max(queries.extent(-2), keys.extent(-2)) + (double) keys.extent(-1);
            }
            case Op.ScatterAdd _ -> node.operand(0).shape().size();
            default -> 1;
        };
    }

    static void close(String what, float[] expected, float[] actual, double tolerance) {
        assertEquals(expected.length, actual.length, what);
        double largest = 0;
        for (float value : expected) {
            largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        for (int i = 0; i < expected.length; i++) {
            double bound = tolerance * (Math.abs(expected[i]) + largest);
            boolean same = Float.compare(expected[i], actual[i]) == 0;
            if (!same && !(Math.abs((double) expected[i] - actual[i]) <= bound)) {
                fail(what + ": element " + i + " of " + expected.length + " is " + actual[i] + ", the reference has "
                        + expected[i] + " (allowed difference " + bound + ")");
            }
        }
    }
}
