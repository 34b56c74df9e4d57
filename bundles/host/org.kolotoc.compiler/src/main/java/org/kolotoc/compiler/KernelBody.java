package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.compiler.Instruction.Affine;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.NormalQuantile;
import org.kolotoc.tensor.Op;

/**
 * Collects the instructions of a fused kernel; equal ones are written once, constants are folded. Until {@link #launch}
 * an affine lists one stride for each axis of the space and has no inner stride.
 */
final class KernelBody {
    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<Instruction, Integer> known = new HashMap<>();

    int load(int buffer, AffineExpr at, DType dtype) {
        return add(new Instruction.Load(buffer, affine(at), dtype));
    }

    int constant(double value, DType dtype) {
        return add(new Instruction.Constant(value, dtype));
    }

    int index(AffineExpr at) {
        return Arrays.stream(at.factors()).allMatch(factor -> factor == 0)
                ? constant(at.offset(), DType.I32)
                : add(new Instruction.Index(affine(at)));
    }

    int uniform(int key0, int key1, int stream, int counter) {
        return add(new Instruction.Uniform(key0, key1, stream, counter));
    }

    /** What {@link NormalQuantile} gives for a uniform number. */
    int normal(int uniform) {
        return NormalQuantile.of(uniform, new NormalQuantile.Arithmetic<>() {
            @Override
            public Integer constant(float value) {
                return KernelBody.this.constant(value, DType.F32);
            }

            @Override
            public Integer binary(Op.BinaryKind kind, Integer left, Integer right) {
                return KernelBody.this.binary(kind, left, right, DType.F32);
            }

            @Override
            public Integer unary(Op.UnaryKind kind, Integer operand) {
                return KernelBody.this.unary(kind, operand, DType.F32);
            }

            @Override
            public Integer whereLess(Integer left, Integer right, Integer whereTrue, Integer whereFalse) {
                return select(compare(Op.CompareKind.LT, left, right, DType.F32), whereTrue, whereFalse, DType.F32);
            }
        });
    }

    int unary(Op.UnaryKind kind, int operand, DType dtype) {
        if (dtype == DType.F32
                && kind == Op.UnaryKind.NEG
                && instructions.get(operand) instanceof Instruction.Constant constant) {
            return constant(-constant.value(), dtype);
        }
        return add(new Instruction.Unary(kind, operand, dtype));
    }

    int binary(Op.BinaryKind kind, int left, int right, DType dtype) {
        if (dtype == DType.F32
                && instructions.get(left) instanceof Instruction.Constant a
                && instructions.get(right) instanceof Instruction.Constant b) {
            float x = (float) a.value();
            float y = (float) b.value();
            switch (kind) {
                case ADD -> {
                    return constant(x + y, dtype);
                }
                case SUB -> {
                    return constant(x - y, dtype);
                }
                case MUL -> {
                    return constant(x * y, dtype);
                }
                case DIV -> {
                    return constant(x / y, dtype);
                }
                default -> {}
            }
        }
        return add(new Instruction.Binary(kind, left, right, dtype));
    }

    int compare(Op.CompareKind kind, int left, int right, DType operands) {
        return add(new Instruction.Compare(kind, left, right, operands));
    }

    int select(int condition, int whereTrue, int whereFalse, DType dtype) {
        return add(new Instruction.Select(condition, whereTrue, whereFalse, dtype));
    }

    int cast(int operand, DType from, DType to) {
        return from == to ? operand : add(new Instruction.Cast(operand, from, to));
    }

    int rowReduce(Op.ReduceKind kind, int operand, DType dtype) {
        return add(new Instruction.RowReduce(kind, operand, dtype));
    }

    void store(int buffer, AffineExpr at, int operand, DType dtype) {
        add(new Instruction.Store(buffer, affine(at), operand, dtype));
    }

    void columns(Op.ReduceKind kind, int buffer, int operand, DType dtype) {
        add(new Instruction.ColumnReduce(kind, buffer, 0, operand, dtype));
    }

    /** What its instructions take. */
    long size(KernelLimit limit) {
        return instructions.stream().mapToLong(limit::size).sum();
    }

    /**
     * The kernel, its axes merged as far as all addresses allow.
     *
     * @return null when a reduction needs the inner axes as one, and they aren't
     */
    Launch.Fused launch(String name, IterationSpace space) {
        boolean strict = instructions.stream()
                .anyMatch(i -> i instanceof Instruction.RowReduce || i instanceof Instruction.ColumnReduce);
        List<Affine> affines = instructions.stream()
                .map(KernelBody::at)
                .filter(at -> at != null)
                .toList();
        List<int[]> axes = new ArrayList<>();
        int outer = 0;
        for (int axis = 0; axis < space.axes(); axis++) {
            int extent = space.extents()[axis];
            boolean border = strict && axis >= space.outer() && axes.size() == outer;
            if (extent == 1) {
                continue;
            }
            int[] last = axes.isEmpty() || border ? null : axes.getLast();
            if (last != null && mergeable(affines, last[0], axis, extent)) {
                last[0] = axis;
                last[1] *= extent;
            } else {
                axes.add(new int[] {axis, extent});
            }
            if (axis < space.outer()) {
                outer = axes.size();
            }
        }
        if (strict && axes.size() > outer + 1) {
            return null;
        }
        boolean noInner = axes.isEmpty() || strict && axes.size() == outer;
        int[] inner = noInner ? new int[] {-1, 1} : axes.removeLast();
        int innerExtent = inner[1];
        List<Integer> extents = axes.stream().map(axis -> axis[1]).toList();
        List<Integer> outerAxes = axes.stream().map(axis -> axis[0]).toList();
        int innerAxis = inner[0];
        List<Instruction> body = storesLast().stream()
                .map(i -> relocated(
                        i,
                        at -> new Affine(
                                at.offset(),
                                outerAxes.stream().map(at.outerStrides()::get).toList(),
                                innerAxis < 0 ? 0 : at.outerStrides().get(innerAxis))))
                .toList();
        return new Launch.Fused(
                name, extents, innerExtent, body, flops(body, extents, innerExtent), bytes(body, extents, innerExtent));
    }

    /** The instructions with what writes memory behind all that reads it. */
    private List<Instruction> storesLast() {
        List<Instruction> sorted = new ArrayList<>();
        List<Instruction> writes = new ArrayList<>();
        int[] moved = new int[instructions.size()];
        for (int i = 0; i < moved.length; i++) {
            Instruction instruction = instructions.get(i);
            boolean writing =
                    instruction instanceof Instruction.Store || instruction instanceof Instruction.ColumnReduce;
            moved[i] = sorted.size();
            (writing ? writes : sorted).add(renumbered(instruction, moved));
        }
        sorted.addAll(writes);
        return sorted;
    }

    private static Instruction renumbered(Instruction instruction, int[] at) {
        return switch (instruction) {
            case Instruction.Load _, Instruction.Constant _, Instruction.Index _ -> instruction;
            case Instruction.Uniform u ->
                new Instruction.Uniform(at[u.key0()], at[u.key1()], u.stream(), at[u.counter()]);
            case Instruction.Unary u -> new Instruction.Unary(u.kind(), at[u.operand()], u.dtype());
            case Instruction.Binary b -> new Instruction.Binary(b.kind(), at[b.left()], at[b.right()], b.dtype());
            case Instruction.Compare c -> new Instruction.Compare(c.kind(), at[c.left()], at[c.right()], c.operands());
            case Instruction.Select s ->
                new Instruction.Select(at[s.condition()], at[s.whereTrue()], at[s.whereFalse()], s.dtype());
            case Instruction.Cast c -> new Instruction.Cast(at[c.operand()], c.from(), c.dtype());
            case Instruction.RowReduce r -> new Instruction.RowReduce(r.kind(), at[r.operand()], r.dtype());
            case Instruction.Store s -> new Instruction.Store(s.buffer(), s.at(), at[s.operand()], s.dtype());
            case Instruction.ColumnReduce c ->
                new Instruction.ColumnReduce(c.kind(), c.buffer(), c.offset(), at[c.operand()], c.dtype());
        };
    }

    private static boolean mergeable(List<Affine> affines, int outer, int inner, int extent) {
        return affines.stream()
                .allMatch(
                        at -> at.outerStrides().get(outer) == at.outerStrides().get(inner) * extent);
    }

    private static Affine at(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Load load -> load.at();
            case Instruction.Index index -> index.at();
            case Instruction.Store store -> store.at();
            default -> null;
        };
    }

    private static Instruction relocated(Instruction instruction, java.util.function.UnaryOperator<Affine> move) {
        return switch (instruction) {
            case Instruction.Load load -> new Instruction.Load(load.buffer(), move.apply(load.at()), load.dtype());
            case Instruction.Index index -> new Instruction.Index(move.apply(index.at()));
            case Instruction.Store store ->
                new Instruction.Store(store.buffer(), move.apply(store.at()), store.operand(), store.dtype());
            default -> instruction;
        };
    }

    private static long flops(List<Instruction> body, List<Integer> outer, int inner) {
        long elements = outer.stream().mapToLong(Integer::longValue).reduce(inner, (a, b) -> a * b);
        return elements
                * body.stream()
                        .filter(i -> switch (i) {
                            case Instruction.Unary _,
                                    Instruction.Binary _,
                                    Instruction.RowReduce _,
                                    Instruction.ColumnReduce _ -> true;
                            default -> false;
                        })
                        .count();
    }

    private static long bytes(List<Instruction> body, List<Integer> outer, int inner) {
        long bytes = 0;
        for (Instruction instruction : body) {
            Affine at = instruction instanceof Instruction.Index ? null : at(instruction);
            if (at != null) {
                long elements = at.varying() ? inner : 1;
                for (int axis = 0; axis < outer.size(); axis++) {
                    elements *= at.outerStrides().get(axis) == 0 ? 1 : outer.get(axis);
                }
                bytes += elements * DType.BYTES;
            } else if (instruction instanceof Instruction.ColumnReduce) {
                bytes += (long) inner * DType.BYTES;
            }
        }
        return bytes;
    }

    private static Affine affine(AffineExpr at) {
        return new Affine(at.offset(), IntStream.of(at.factors()).boxed().toList(), 0);
    }

    private int add(Instruction instruction) {
        return known.computeIfAbsent(instruction, made -> {
            instructions.add(made);
            return instructions.size() - 1;
        });
    }
}
