package org.kolotoc.backend.cpu.codegen;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Instruction.Affine;
import org.kolotoc.compiler.Launch;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op.ReduceKind;

/**
 * Writes the class of one kernel: a loop over rows; in it, what is there once a row as scalars, then pass after pass
 * over the row in vectors. Where the row is no whole number of vectors, every access is masked.
 */
final class KernelWriter {
    /** Memory for two vectors that are handled lane by lane, at the start of the scratch. */
    static final long STAGE_BYTES = 256;

    /** Elements whose sum is formed vector after vector; a whole number of vectors. */
    private static final int BLOCK = 1024;

    private static final ClassDesc KERNEL = ClassDesc.of("org.kolotoc.backend.cpu.codegen.Kernel");
    private static final ClassDesc NAME = ClassDesc.of("org.kolotoc.backend.cpu.codegen.Generated");
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final int ARGUMENTS = 1;
    private static final int FIRST_ROW = 2;
    private static final int ROW_LIMIT = 3;
    private static final int FIRST_COLUMN = 4;
    private static final int COLUMN_LIMIT = 5;
    private static final int SCRATCH = 6;
    private static final int COLUMNS = 8;

    private final Launch.Fused launch;
    private final List<Instruction> body;
    private final Passes passes;
    /** Kept values and accesses to elements that lie apart, in the order of their row buffers. */
    private final List<Integer> buffers;

    private final boolean masked;

    private CodeBuilder code;
    private Assembly asm;
    private Rows rows;
    private int[] outerIndex;
    private int column;
    private int mask;
    private int lanes;
    /** For each access or index the local with its value at the start of the row. */
    private final Map<Integer, Integer> bases = new HashMap<>();
    /** For each access or index whose inner stride is neither 0 nor 1 the local that holds it. */
    private final Map<Integer, Integer> innerStrides = new HashMap<>();
    /** The local with the bytes from one row of kept values or sums to the next. */
    private int rowBytes;

    KernelWriter(Launch.Fused launch) {
        this.launch = launch;
        this.body = launch.body();
        this.passes = new Passes(body);
        this.buffers = Stream.concat(passes.kept().stream(), passes.apart().stream())
                .distinct()
                .toList();
        this.masked = launch.inner() % Lanes.COUNT != 0;
    }

    /** All that code depends on in the length of a row, as the smallest length of that kind. */
    static int structure(Launch.Fused launch) {
        int part = launch.inner() % Lanes.COUNT == 0 ? 0 : 1;
        return launch.inner() > BLOCK && launch.reducesRows() ? BLOCK + Lanes.COUNT + part : part;
    }

    int rowBuffers() {
        return buffers.size();
    }

    Kernel write() {
        byte[] bytes = ClassFile.of()
                .build(
                        NAME,
                        type -> type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                                .withInterfaceSymbols(KERNEL)
                                .withMethodBody(
                                        ConstantDescs.INIT_NAME,
                                        ConstantDescs.MTD_void,
                                        0,
                                        init -> init.aload(0)
                                                .invokespecial(
                                                        ConstantDescs.CD_Object,
                                                        ConstantDescs.INIT_NAME,
                                                        ConstantDescs.MTD_void)
                                                .return_())
                                .withMethodBody(
                                        "run",
                                        Assembly.type(
                                                Assembly.VOID,
                                                Assembly.LONG.arrayType(),
                                                Assembly.INT,
                                                Assembly.INT,
                                                Assembly.INT,
                                                Assembly.INT,
                                                Assembly.LONG,
                                                Assembly.LONG),
                                        ClassFile.ACC_PUBLIC,
                                        this::run));
        try {
            return (Kernel) MethodHandles.lookup()
                    .defineHiddenClass(bytes, true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the class of kernel " + launch + " was refused", e);
        }
    }

    private void run(CodeBuilder builder) {
        code = builder;
        asm = new Assembly(builder);
        rows = new Rows(asm, body, passes);
        lanes = masked
                        || body.stream()
                                .anyMatch(i -> i instanceof Instruction.Index index
                                        && index.at().full())
                ? asm.lanesConstant("INDEX", Assembly.INTS)
                : -1;
        rowBytes = wholeVectors();
        int[] extents = extents();
        int row = code.allocateLocal(TypeKind.INT);
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.iload(FIRST_ROW).istore(row);
        code.labelBinding(top);
        code.iload(row).iload(ROW_LIMIT).if_icmpge(end);
        outerIndex = outerIndices(row, extents);
        bases();
        for (int access : passes.apart()) {
            if (body.get(access) instanceof Instruction.Load) {
                move(access, false);
            }
        }
        rows.compute(0, this::loadScalar);
        for (int pass = 0; pass < passes.count(); pass++) {
            if (!passes.roots(pass).isEmpty()) {
                pass(pass);
            }
            rows.compute(pass + 1, this::loadScalar);
        }
        storeScalars();
        code.iinc(row, 1).goto_(top);
        code.labelBinding(end);
        code.return_();
    }

    /** The bytes of the part of a row that is run, rounded up to whole vectors. */
    private int wholeVectors() {
        code.iload(COLUMN_LIMIT).iload(FIRST_COLUMN).isub();
        code.i2l().loadConstant((long) Float.BYTES).lmul();
        code.loadConstant(Lanes.BYTES - 1L)
                .ladd()
                .loadConstant(-(long) Lanes.BYTES)
                .land();
        return asm.store(TypeKind.LONG);
    }

    private int[] extents() {
        int[] extents = new int[launch.outer().size()];
        for (int axis = 1; axis < extents.length; axis++) {
            code.aload(ARGUMENTS).loadConstant(axis).laload().l2i();
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
        int argument = launch.outer().size();
        for (int i = 0; i < body.size(); i++) {
            argument = switch (body.get(i)) {
                case Instruction.Load load -> base(i, load.at(), argument, TypeKind.LONG);
                case Instruction.Store store -> base(i, store.at(), argument, TypeKind.LONG);
                case Instruction.Index index -> base(i, index.at(), argument, TypeKind.INT);
                default -> argument;
            };
        }
    }

    /** Adds up one start; gives the number of the argument after it. */
    private int base(int instruction, Affine at, int first, TypeKind kind) {
        int argument = first;
        code.aload(ARGUMENTS).loadConstant(argument++).laload();
        for (int axis = 0; axis < outerIndex.length; axis++) {
            if (at.outerStrides().get(axis) != 0) {
                code.iload(outerIndex[axis]).i2l();
                code.aload(ARGUMENTS).loadConstant(argument++).laload().lmul().ladd();
            }
        }
        if (kind == TypeKind.INT) {
            code.l2i();
        }
        bases.put(instruction, asm.store(kind));
        if (at.innerStride() > 1) {
            code.aload(ARGUMENTS).loadConstant(argument++).laload();
            innerStrides.put(instruction, asm.store(TypeKind.LONG));
        }
        return argument;
    }

    private int loadScalar(int instruction) {
        return switch (body.get(instruction)) {
            case Instruction.Load load ->
                asm.loadScalar(load.dtype() == DType.F32, () -> code.lload(bases.get(instruction)));
            case Instruction.Index _ -> bases.get(instruction);
            default -> throw new IllegalStateException("no scalar: " + body.get(instruction));
        };
    }

    private void storeScalars() {
        for (int i = 0; i < body.size(); i++) {
            if (body.get(i) instanceof Instruction.Store store && !store.at().full()) {
                int base = bases.get(i);
                asm.saveScalar(store.dtype() == DType.F32, rows.local(store.operand()), () -> code.lload(base));
            }
        }
    }

    /** One pass over the row; a long sum is formed of the sums of blocks, whose rounding errors stay small. */
    private void pass(int pass) {
        Full full = new Full(this, asm, body, passes, pass);
        Map<Integer, Integer> sums = new TreeMap<>();
        for (int root : passes.roots(pass)) {
            if (body.get(root) instanceof Instruction.RowReduce) {
                sums.put(root, identity(root));
            }
        }
        column = code.allocateLocal(TypeKind.INT);
        code.iload(FIRST_COLUMN).istore(column);
        if (sums.isEmpty() || launch.inner() <= BLOCK) {
            columns(() -> code.iload(COLUMN_LIMIT), () -> roots(pass, full, sums));
        } else {
            columns(() -> code.iload(COLUMN_LIMIT), () -> {
                code.iload(column).loadConstant(BLOCK).iadd().iload(COLUMN_LIMIT);
                code.invokestatic(MATH, "min", Assembly.type(Assembly.INT, Assembly.INT, Assembly.INT));
                int limit = asm.store(TypeKind.INT);
                Map<Integer, Integer> parts = new TreeMap<>();
                sums.keySet().forEach(root -> parts.put(root, identity(root)));
                columns(() -> code.iload(limit), () -> roots(pass, full, parts));
                sums.forEach((root, sum) -> add(root, sum, parts.get(root), -1));
            });
        }
        for (int root : passes.roots(pass)) {
            if (body.get(root) instanceof Instruction.Store store && store.at().innerStride() != 1) {
                move(root, true);
            }
        }
        sums.forEach((root, sum) -> {
            Instruction.RowReduce reduce = (Instruction.RowReduce) body.get(root);
            boolean floats = reduce.dtype() == DType.F32;
            rows.define(root, asm.folded(floats, reduce.kind() == ReduceKind.SUM ? "add" : "max", sum));
        });
    }

    /** A loop while the column is below a limit, which the body has to raise. */
    private void columns(Runnable limit, Runnable loop) {
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(top);
        code.iload(column);
        limit.run();
        code.if_icmpge(end);
        loop.run();
        code.goto_(top);
        code.labelBinding(end);
    }

    private void roots(int pass, Full full, Map<Integer, Integer> sums) {
        mask = masked ? rowMask() : -1;
        for (int root : passes.roots(pass)) {
            root(root, full, sums);
        }
        code.iinc(column, Lanes.COUNT);
    }

    private void add(int root, int sum, int value, int where) {
        Instruction.RowReduce reduce = (Instruction.RowReduce) body.get(root);
        code.aload(combined(reduce.dtype() == DType.F32, reduce.kind(), sum, value, where))
                .astore(sum);
    }

    private void root(int root, Full full, Map<Integer, Integer> sums) {
        switch (body.get(root)) {
            case Instruction.RowReduce reduce -> add(root, sums.get(root), full.vector(reduce.operand()), mask);
            case Instruction.Store store -> full.store(root, store);
            case Instruction.ColumnReduce reduce -> {
                boolean floats = reduce.dtype() == DType.F32;
                int value = full.vector(reduce.operand());
                Runnable at = columnAddress(columnOf(root));
                int before = asm.load(floats, at, -1);
                int after = combined(floats, reduce.kind(), before, value, mask);
                asm.save(floats, after, columnAddress(columnOf(root)), -1);
            }
            default -> full.keep(root);
        }
    }

    private int combined(boolean floats, ReduceKind kind, int sum, int value, int where) {
        ClassDesc type = floats ? Assembly.FLOATS : Assembly.INTS;
        if (where < 0) {
            return asm.call(type, kind == ReduceKind.SUM ? "add" : "max", sum, value);
        }
        return asm.callMasked(
                type, kind == ReduceKind.SUM ? "ADD" : "MAX", sum, value, floats ? where : asm.intMask(where));
    }

    private int identity(int root) {
        Instruction.RowReduce reduce = (Instruction.RowReduce) body.get(root);
        boolean sum = reduce.kind() == ReduceKind.SUM;
        return reduce.dtype() == DType.F32
                ? asm.floats(sum ? 0 : Float.NEGATIVE_INFINITY)
                : asm.ints(sum ? 0 : Integer.MIN_VALUE);
    }

    private int rowMask() {
        code.iload(COLUMN_LIMIT).iload(column).isub();
        int rest = asm.store(TypeKind.INT);
        return asm.compare(false, "LT", lanes, asm.spreadInt(rest));
    }

    private int columnOf(int root) {
        int number = 0;
        for (int i = 0; i < root; i++) {
            number += body.get(i) instanceof Instruction.ColumnReduce ? 1 : 0;
        }
        return number;
    }

    private Runnable columnAddress(int reduction) {
        return () -> {
            accumulators(reduction);
            addColumn();
        };
    }

    private void accumulators(int reduction) {
        code.lload(COLUMNS)
                .lload(rowBytes)
                .loadConstant((long) reduction)
                .lmul()
                .ladd();
    }

    // What a pass asks of the row

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
            code.iload(column).iload(FIRST_COLUMN).isub();
            code.i2l().loadConstant((long) Float.BYTES).lmul().ladd();
        };
    }

    private void buffer(int instruction) {
        long number = buffers.indexOf(instruction);
        code.lload(SCRATCH).loadConstant(STAGE_BYTES).ladd();
        code.lload(rowBytes).loadConstant(number).lmul().ladd();
    }

    /** Collects elements that lie apart before any pass, and spreads them after the pass that computes them. */
    private void move(int instruction, boolean store) {
        Runnable far = () -> {
            code.lload(bases.get(instruction)).iload(FIRST_COLUMN).i2l();
            code.lload(innerStrides.get(instruction)).lmul().ladd();
        };
        Runnable near = () -> buffer(instruction);
        (store ? near : far).run();
        (store ? far : near).run();
        code.lload(innerStrides.get(instruction));
        code.iload(COLUMN_LIMIT).iload(FIRST_COLUMN).isub();
        code.invokestatic(
                Assembly.LANES,
                store ? "scatter" : "gather",
                Assembly.type(Assembly.VOID, Assembly.LONG, Assembly.LONG, Assembly.LONG, Assembly.INT));
    }

    /** Puts the address of the memory for single lanes on the stack. */
    Runnable stage(int vector) {
        return () ->
                code.lload(SCRATCH).loadConstant((long) vector * Lanes.BYTES).ladd();
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
    int scaledLanes(int instruction) {
        code.lload(innerStrides.get(instruction)).l2i();
        int stride = asm.spreadInt(asm.store(TypeKind.INT));
        return asm.call(Assembly.INTS, "mul", lanes, stride);
    }

    int lanes() {
        return lanes;
    }

    int mask() {
        return mask;
    }

    /** The local of a value that is there once a row. */
    int scalar(int value) {
        return rows.local(value);
    }
}
