package org.kolotoc.tck;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * How far rounding may take each element of a program's results: another program, which computes beside every value a
 * bound of its error (running error analysis; Higham, Accuracy and Stability of Numerical Algorithms, 2002, 3.3). What an
 * operand is off by goes on through the operation's derivative, and each operation adds what it rounds by itself.
 *
 * <p>Sums count by the root of their length, since errors have either sign.
 */
final class Rounding {
    /** Names the bound of an output or state. */
    static final String BOUND = "\u00b1 ";

    /** Half the distance from 1 to the next number. */
    private static final double UNIT = 0x1p-24;
    /** Division and roots as devices have them. */
    private static final double NEARLY = 4 * UNIT;

    private static final double ELEMENTARY = 8 * UNIT;
    /** Roots and quotients as devices have them, on the way to a logarithm. */
    private static final double NORMAL = 0x1p-17;

    private static final double POWER = 32 * UNIT;
    /** Of an addend, for each addition. */
    private static final double SUM = 4 * UNIT;

    private final Program program;
    private final Tracer trace = new Tracer();
    private final Map<Tensor, Tensor> values = new HashMap<>();
    /** Bounds; none where a value is exact, as every number that is no float. */
    private final Map<Tensor, Tensor> bounds = new HashMap<>();

    private Rounding(Program program) {
        this.program = program;
        program.nodes().forEach(this::add);
        program.outputs().forEach((name, value) -> {
            trace.output(name, values.get(value));
            if (value.dtype() == DType.F32) {
                trace.output(BOUND + name, bound(value));
            }
        });
        program.updates().forEach((name, value) -> {
            Tensor state = program.inputs().get(name);
            trace.update(values.get(state), values.get(value));
            if (value.dtype() == DType.F32) {
                trace.update(bounds.get(state), bound(value));
            }
        });
    }

    /**
     * The program with bounds.
     *
     * @return with an output {@code BOUND + name} for each {@code f32} output, and a state for each that is updated, which
     *     begins with 0
     */
    static Program of(Program program) {
        return new Rounding(program.unrollScans().decomposeAttention()).trace.program();
    }

    private void add(Tensor node) {
        List<Tensor> operands = node.operands().stream().map(values::get).toList();
        Tensor value = trace.copy(node, operands);
        values.put(node, value);
        if (node.dtype() != DType.F32) {
            return;
        }
        boolean exact = node.operands().stream().noneMatch(bounds::containsKey);
        switch (node.op()) {
            case Op.Input input -> {
                if (program.updates().containsKey(input.name())) {
                    bounds.put(node, trace.state(BOUND + input.name(), DType.F32, node.shape()));
                }
            }
            case Op.Constant _, Op.Literal _, Op.Iota _, Op.RandomUniform _, Op.Cast _ -> {}
            case Op.RandomNormal _ -> put(node, own(value, NORMAL));
            case Op.Unary unary -> put(node, unary(unary.kind(), operands.getFirst(), value, of(node, 0), exact));
            case Op.Binary binary ->
                put(node, binary(binary.kind(), operands.get(0), operands.get(1), value, of(node, 0), of(node, 1)));
            case Op.Reduce reduce
            when reduce.kind() == Op.ReduceKind.SUM -> {
                double length = node.operand(0).shape().size()
                        / (double) Math.max(1, node.shape().size());
                Tensor size = trace.copy(node, List.of(operands.getFirst().abs()));
                put(node, trace.copy(node, List.of(of(node, 0))).add(summed(size, length)));
            }
            case Op.ScatterAdd _ -> {
                double length = node.operand(0).shape().size();
                Tensor size = trace.copy(
                        node, List.of(operands.get(0), operands.get(1).abs()));
                put(
                        node,
                        trace.copy(node, List.of(operands.get(0), of(node, 1))).add(summed(size, length)));
            }
            case Op.ScatterAddAlong along -> {
                double length = node.operand(0).shape().extent(along.axis());
                Tensor size = trace.copy(
                        node, List.of(operands.get(0), operands.get(1).abs()));
                put(
                        node,
                        trace.copy(node, List.of(operands.get(0), of(node, 1))).add(summed(size, length)));
            }
            case Op.CumulativeSum sum -> {
                Tensor size = trace.copy(node, List.of(operands.getFirst().abs()));
                put(
                        node,
                        trace.copy(node, List.of(of(node, 0)))
                                .add(summed(size, node.shape().extent(sum.axis()))));
            }
            case Op.MatMul product -> put(node, product(product, node, operands));
            case Op.Conv2d _, Op.Conv2dInputGradient _, Op.Conv2dWeightGradient _ ->
                put(node, convolution(node, operands));
            case Op.Pad pad -> {
                if (!exact) {
                    put(node, padded(pad, of(node, 0)));
                }
            }
            default -> {
                if (!exact) {
                    put(node, moved(node, operands));
                }
            }
        }
    }

    private void put(Tensor node, Tensor bound) {
        if (bound != null) {
            bounds.put(node, bound);
        }
    }

    /** The bound of a value, zeros if it is exact. */
    private Tensor bound(Tensor node) {
        Tensor bound = bounds.get(node);
        return bound == null ? trace.constant(0, DType.F32, node.shape()) : bound;
    }

    private Tensor of(Tensor node, int operand) {
        return bound(node.operand(operand));
    }

    /** Bounds move as their values do. */
    private Tensor moved(Tensor node, List<Tensor> operands) {
        return trace.copy(
                node,
                IntStream.range(0, operands.size())
                        .mapToObj(i -> node.operand(i).dtype() == DType.F32 && !isControl(node, i)
                                ? of(node, i)
                                : operands.get(i))
                        .toList());
    }

    /** What a barrier waits for. */
    private static boolean isControl(Tensor node, int operand) {
        return node.op() instanceof Op.OptimizationBarrier && operand == 1;
    }

    private static Tensor padded(Op.Pad pad, Tensor bound) {
        Tensor padded = bound;
        for (int axis = 0; axis < pad.low().size(); axis++) {
            padded = padded.pad(axis, pad.low().get(axis), pad.high().get(axis), 0);
        }
        return padded;
    }

    /** A derivative times a bound; 0 where one of them is, even if the other knows no bounds. */
    private static Tensor times(Tensor derivative, Tensor bound) {
        Tensor zero = bound.constant(0);
        return bound.eq(zero)
                .or(derivative.eq(zero))
                .select(zero, derivative.abs().mul(bound));
    }

    /** What an operation rounds by itself; an infinite result is exact, or the bounds of its operands are infinite. */
    private static Tensor own(Tensor value, double unit) {
        Tensor size = value.abs();
        Tensor rounding = size.mul(unit).add(Float.MIN_VALUE);
        return size.lt(size.constant(Double.POSITIVE_INFINITY)).select(rounding, size.constant(0));
    }

    /** What a sum of so many rounds by itself, by the sum of their sizes. */
    private static Tensor summed(Tensor sizes, double count) {
        return sizes.mul(SUM).add(Float.MIN_VALUE).mul(Math.sqrt(count));
    }

    private static Tensor unary(Op.UnaryKind kind, Tensor x, Tensor y, Tensor e, boolean exact) {
        return switch (kind) {
            case NEG, ABS -> exact ? null : e;
            case SIGN -> exact ? null : x.add(e).sign().sub(x.sub(e).sign());
            case FLOOR -> exact ? null : x.add(e).floor().sub(x.sub(e).floor());
            case EXP -> times(y, e.exp().sub(1)).add(own(y, ELEMENTARY));
            case LOG -> times(x.sub(e).maximum(0).pow(-1), e).add(own(y, ELEMENTARY));
            case SQRT -> times(y.pow(-1), e).minimum(e.sqrt()).add(own(y, NEARLY));
            case RSQRT -> times(x.sub(e).maximum(0).pow(-1.5), e).add(own(y, NEARLY));
            case TANH, SIN, COS -> e.add(own(y, ELEMENTARY));
            case ERF -> e.mul(2 / Math.sqrt(Math.PI)).add(own(y, ELEMENTARY));
            case NOT -> null;
        };
    }

    private static Tensor binary(Op.BinaryKind kind, Tensor x, Tensor y, Tensor z, Tensor e, Tensor f) {
        return switch (kind) {
            case ADD, SUB -> e.add(f).add(own(z, UNIT));
            case MUL -> times(y, e).add(times(x, f)).add(times(e, f)).add(own(z, UNIT));
            case DIV -> {
                Tensor by = y.abs().sub(f).maximum(0).pow(-1);
                yield times(by, e).add(times(z.mul(by), f)).add(own(z, NEARLY));
            }
            case MAXIMUM, MINIMUM -> e.maximum(f);
            case POW ->
                times(z.mul(y).div(x), e)
                        .add(times(z.mul(x.abs().log()), f))
                        .mul(2)
                        .add(own(z, POWER));
            case AND, OR -> null;
        };
    }

    /** {@code e b + a f + e f}, and what the sum rounds: a share of {@code a b}. */
    private Tensor product(Op.MatMul product, Tensor node, List<Tensor> operands) {
        Tensor a = operands.get(0).abs();
        Tensor b = operands.get(1).abs();
        Tensor e = rounded(product, node.operand(0), a);
        Tensor f = rounded(product, node.operand(1), b);
        double root = Math.sqrt(node.operand(0).shape().extent(-1));
        return a.mul(SUM * root).add(e).matmul(b).add(a.add(e).matmul(f)).add(Float.MIN_VALUE * root);
    }

    /** As of a product: what is linear in both operands is so in their bounds. */
    private Tensor convolution(Tensor node, List<Tensor> operands) {
        Tensor a = operands.get(0).abs();
        Tensor b = operands.get(1).abs();
        Tensor e = of(node, 0);
        double root = Math.sqrt(Agreement.summed(node));
        return trace.copy(node, List.of(a.mul(SUM * root).add(e), b))
                .add(trace.copy(node, List.of(a.add(e), of(node, 1))))
                .add(Float.MIN_VALUE * root);
    }

    /** An operand that is not exact may be rounded to the number beside. */
    private Tensor rounded(Op.MatMul product, Tensor operand, Tensor size) {
        Tensor bound = bound(operand);
        return product.precision() != Op.Precision.F32 && bounds.containsKey(operand)
                ? bound.add(size.mul(Agreement.step(product.precision())))
                : bound;
    }
}
