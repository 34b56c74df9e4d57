package org.kolotoc.compiler;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.kolotoc.compiler.Instruction.Affine;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;

/** What a kernel of some values would take, before it is written: what they compute, load and store. */
final class Estimate {
    /** Most kernels run over more axes than one. */
    private static final Affine SOMEWHERE = new Affine(0, List.of(1, 1), 1);

    private final KernelLimit limit;
    private final List<List<Value>> consumers;

    /** @param consumers what reads each value, by its id */
    Estimate(KernelLimit limit, List<List<Value>> consumers) {
        this.limit = limit;
        this.consumers = consumers;
    }

    boolean fits(List<Value> first, List<Value> second) {
        return limit == KernelLimit.NONE || size(first, second) <= limit.most();
    }

    private long size(List<Value> first, List<Value> second) {
        Set<Value> members = new HashSet<>(first);
        members.addAll(second);
        Set<Value> operands = new HashSet<>();
        long size = 0;
        for (Value member : members) {
            size += member.op instanceof Op.RandomNormal ? normal() : limit.size(computed(member));
            operands.addAll(member.operands);
            boolean leaves = member.stored || member.bound != null || !members.containsAll(consumers.get(member.id));
            size += leaves ? limit.size(new Instruction.Store(0, SOMEWHERE, 0, member.dtype)) : 0;
        }
        for (Value operand : operands) {
            size += members.contains(operand.source()) ? 0 : limit.size(read(operand));
        }
        return size;
    }

    private long normal() {
        KernelBody body = new KernelBody();
        body.normal(body.load(0, AffineExpr.constant(0, 1), DType.F32));
        return body.size(limit);
    }

    private static Instruction computed(Value value) {
        return switch (value.op) {
            case Op.Unary unary -> new Instruction.Unary(unary.kind(), 0, value.dtype);
            case Op.Binary binary -> new Instruction.Binary(binary.kind(), 0, 0, value.dtype);
            case Op.Compare compare -> new Instruction.Compare(compare.kind(), 0, 0, value.operand(0).dtype);
            case Op.Select _ -> new Instruction.Select(0, 0, 0, value.dtype);
            case Op.Cast _ -> new Instruction.Cast(0, value.operand(0).dtype, value.dtype);
            case Op.RandomUniform uniform -> new Instruction.Uniform(0, 0, uniform.stream(), 0);
            case Op.Reduce reduce
            when value.isRowReduction() -> new Instruction.RowReduce(reduce.kind(), 0, value.dtype);
            case Op.Reduce reduce -> new Instruction.ColumnReduce(reduce.kind(), 0, 0, 0, value.dtype);
            default -> throw new IllegalStateException(value + " is not computed by fused kernels");
        };
    }

    private static Instruction read(Value operand) {
        return switch (operand.source().op) {
            case Op.Constant constant -> new Instruction.Constant(constant.value(), operand.dtype);
            case Op.Iota _ -> new Instruction.Index(SOMEWHERE);
            default -> new Instruction.Load(0, SOMEWHERE, operand.dtype);
        };
    }
}
