package org.kolotoc.backend.cpu.codegen;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.backend.cpu.codegen.Arguments.Argument;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Launch;

/** Where the accesses of a kernel lie: at the start of a row, and at the column that a pass is at. */
final class Addresses {
    /** Memory for two vectors that are handled lane by lane, at the start of the scratch. */
    static final long STAGE_BYTES = 256;

    private final Assembly asm;
    private final CodeBuilder code;
    private final Arguments arguments;
    private final List<Instruction> body;
    /** Kept values and accesses to elements that lie apart, in the order of their row buffers. */
    private final List<Integer> buffers;

    /** The local with the bytes from one row of kept values or sums to the next. */
    private final int rowBytes;

    private final int[] extents;
    private int[] outerIndex;
    private int column;
    /** For each access or index the local with its value at the start of the row. */
    private final Map<Integer, Integer> bases = new HashMap<>();
    /** For each access or index whose inner stride is neither 0 nor 1 the local that holds it. */
    private final Map<Integer, Integer> innerStrides = new HashMap<>();

    Addresses(Assembly asm, Arguments arguments, Launch.Fused launch, List<Integer> buffers) {
        this.asm = asm;
        this.code = asm.code;
        this.arguments = arguments;
        this.body = launch.body();
        this.buffers = buffers;
        this.rowBytes = wholeVectors();
        this.extents = extents(launch.outer().size());
    }

    /** Computes what holds for a row. */
    void enter(int row) {
        outerIndex = outerIndices(row, extents);
        bases();
    }

    /** Says in which local the column of the pass is. */
    void at(int local) {
        column = local;
    }

    /** The local with the address of an access, or the value of an index, at the start of the row. */
    int base(int instruction) {
        return bases.get(instruction);
    }

    /** The bytes of the part of a row that is run, rounded up to whole vectors. */
    private int wholeVectors() {
        code.iload(KernelWriter.COLUMN_LIMIT).iload(KernelWriter.FIRST_COLUMN).isub();
        code.i2l().loadConstant((long) Float.BYTES).lmul();
        code.loadConstant(Lanes.BYTES - 1L)
                .ladd()
                .loadConstant(-(long) Lanes.BYTES)
                .land();
        return asm.store(TypeKind.LONG);
    }

    private int[] extents(int axes) {
        int[] extents = new int[axes];
        for (int axis = 1; axis < extents.length; axis++) {
            push(new Argument.Extent(axis)).l2i();
            extents[axis] = asm.store(TypeKind.INT);
        }
        return extents;
    }

    /** Splits the number of a row into the indices of the outer axes. */
    private int[] outerIndices(int row, int[] extents) {
        int[] index = new int[extents.length];
        int rest = row;
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            if (axis == 0) {
                index[0] = rest;
            } else {
                code.iload(rest).iload(extents[axis]).irem();
                index[axis] = asm.store(TypeKind.INT);
                code.iload(rest).iload(extents[axis]).idiv();
                rest = asm.store(TypeKind.INT);
            }
        }
        return index;
    }

    /** For every access the address (or, for an index, the value) at the start of the row. */
    private void bases() {
        for (int i = 0; i < body.size(); i++) {
            switch (body.get(i)) {
                case Instruction.Load _, Instruction.Store _ -> base(i, TypeKind.LONG);
                case Instruction.Index _ -> base(i, TypeKind.INT);
                default -> {}
            }
        }
    }

    /** Adds up one start. */
    private void base(int instruction, TypeKind kind) {
        push(new Argument.Start(instruction));
        for (int axis = 0; axis < outerIndex.length; axis++) {
            Argument stride = new Argument.OuterStride(instruction, axis);
            if (arguments.has(stride)) {
                code.iload(outerIndex[axis]).i2l();
                push(stride).lmul().ladd();
            }
        }
        if (kind == TypeKind.INT) {
            code.l2i();
        }
        bases.put(instruction, asm.store(kind));
        Argument inner = new Argument.InnerStride(instruction);
        if (arguments.has(inner)) {
            push(inner);
            innerStrides.put(instruction, asm.store(TypeKind.LONG));
        }
    }

    private CodeBuilder push(Argument argument) {
        return asm.argument(arguments.place(argument));
    }

    /** Puts the address of the current vector of a column reduction on the stack. */
    Runnable columnAddress(int reduction) {
        return () -> {
            accumulators(reduction);
            addColumn();
        };
    }

    private void accumulators(int reduction) {
        code.lload(KernelWriter.COLUMNS)
                .lload(rowBytes)
                .loadConstant((long) reduction)
                .lmul()
                .ladd();
    }

    /** Puts the address of the current vector of an access on the stack. */
    Runnable vectorAddress(int instruction) {
        return () -> {
            code.lload(bases.get(instruction));
            addColumn();
        };
    }

    /** Puts the address of the current vector in the row buffer of a kept value or an access on the stack. */
    Runnable bufferAddress(int instruction) {
        return () -> {
            buffer(instruction);
            code.iload(column).iload(KernelWriter.FIRST_COLUMN).isub();
            code.i2l().loadConstant((long) Float.BYTES).lmul().ladd();
        };
    }

    private void buffer(int instruction) {
        long number = buffers.indexOf(instruction);
        code.lload(KernelWriter.SCRATCH).loadConstant(STAGE_BYTES).ladd();
        code.lload(rowBytes).loadConstant(number).lmul().ladd();
    }

    /** Collects elements that lie apart before any pass, and spreads them after the pass that computes them. */
    void move(int instruction, boolean store) {
        Runnable far = () -> {
            code.lload(bases.get(instruction)).iload(KernelWriter.FIRST_COLUMN).i2l();
            code.lload(innerStrides.get(instruction)).lmul().ladd();
        };
        Runnable near = () -> buffer(instruction);
        (store ? near : far).run();
        (store ? far : near).run();
        code.lload(innerStrides.get(instruction));
        code.iload(KernelWriter.COLUMN_LIMIT).iload(KernelWriter.FIRST_COLUMN).isub();
        code.invokestatic(
                Assembly.LANES,
                store ? "scatter" : "gather",
                Assembly.type(Assembly.VOID, Assembly.LONG, Assembly.LONG, Assembly.LONG, Assembly.INT));
    }

    /** Puts the address of the memory for single lanes on the stack. */
    Runnable stage(int vector) {
        return () -> code.lload(KernelWriter.SCRATCH)
                .loadConstant((long) vector * Lanes.BYTES)
                .ladd();
    }

    private void addColumn() {
        code.iload(column).i2l().loadConstant((long) Float.BYTES).lmul().ladd();
    }

    /** The index at the current vector's first lane. */
    int indexAtColumn(int instruction) {
        code.iload(bases.get(instruction)).iload(column);
        if (innerStrides.containsKey(instruction)) {
            code.lload(innerStrides.get(instruction)).l2i().imul();
        }
        code.iadd();
        return asm.store(TypeKind.INT);
    }

    /** Lane numbers times the stride of an index, as a vector. */
    int scaledLanes(int instruction, int lanes) {
        code.lload(innerStrides.get(instruction)).l2i();
        int stride = asm.spreadInt(asm.store(TypeKind.INT));
        return asm.call(Assembly.INTS, "mul", lanes, stride);
    }
}
