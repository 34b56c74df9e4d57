package org.kolotoc.backend.cpu.codegen;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Launch;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op.ReduceKind;
import org.kolotoc.tensor.Op.UnaryKind;

/**
 * Writes the class of one kernel: a loop over rows; in it, what is there once a row as scalars, then pass after pass
 * over the row in vectors. Where the row is no whole number of vectors, the last one reads beyond its end, and stores and
 * reductions are masked: HotSpot's first compiler has no room for more than a handful of masked loads in a method.
 */
final class KernelWriter {
    /** Elements whose sum is formed vector after vector; a whole number of vectors. */
    static final int BLOCK = 1024;

    private static final ClassDesc KERNEL = ClassDesc.of("org.kolotoc.backend.cpu.codegen.Kernel");
    static final ClassDesc NAME = ClassDesc.of("org.kolotoc.backend.cpu.codegen.Generated");
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final MethodTypeDesc RUN = Assembly.type(
            Assembly.VOID,
            Assembly.LONG.arrayType(),
            Assembly.INT,
            Assembly.INT,
            Assembly.INT,
            Assembly.INT,
            Assembly.LONG,
            Assembly.LONG);
    // Parameters of run, by the number of their local.
    static final int ARGUMENTS = 1;
    private static final int FIRST_ROW = 2;
    private static final int ROW_LIMIT = 3;
    static final int FIRST_COLUMN = 4;
    static final int COLUMN_LIMIT = 5;
    static final int SCRATCH = 6;
    static final int COLUMNS = 8;

    private final Launch.Fused launch;
    private final List<Instruction> body;
    private final Arguments arguments;
    private final Passes passes;
    /** Kept values and accesses to elements that lie apart, in the order of their row buffers. */
    private final List<Integer> buffers;

    private final boolean masked;

    private CodeBuilder code;
    private Assembly asm;
    private UniformValues rows;
    private Addresses addresses;
    private int column;
    private int mask;
    private int lanes;

    private KernelWriter(Launch.Fused launch) {
        this.launch = launch;
        this.body = launch.body();
        this.arguments = new Arguments(launch);
        this.passes = new Passes(body);
        this.buffers = Stream.concat(passes.spilled().stream(), passes.apart().stream())
                .distinct()
                .toList();
        this.masked = launch.inner() % Lanes.COUNT != 0;
    }

    /** The class for a structure. */
    static KernelClass write(Launch.Fused structure) {
        KernelWriter writer = new KernelWriter(structure);
        byte[] bytes = writer.classFile();
        try {
            Kernel kernel = (Kernel) MethodHandles.lookup()
                    .defineHiddenClass(bytes, true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
            return new KernelClass(kernel, writer.buffers.size(), longestMethod(bytes), writer.asm.registers());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the class of kernel " + structure + " was refused", e);
        }
    }

    private static int longestMethod(byte[] classFile) {
        return ClassFile.of().parse(classFile).methods().stream()
                .mapToInt(method ->
                        method.findAttribute(Attributes.code()).orElseThrow().codeLength())
                .max()
                .orElse(0);
    }

    private byte[] classFile() {
        return ClassFile.of().build(NAME, type -> {
            type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withInterfaceSymbols(KERNEL);
            type.withMethodBody(
                    ConstantDescs.INIT_NAME,
                    ConstantDescs.MTD_void,
                    0,
                    init -> init.aload(0)
                            .invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                            .return_());
            type.withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, this::run);
            for (UnaryKind function : rows.functions()) {
                type.withMethodBody(
                        Elementary.name(function),
                        Elementary.TYPE,
                        ClassFile.ACC_STATIC,
                        code -> Elementary.method(function, code));
            }
        });
    }

    private void run(CodeBuilder builder) {
        code = builder;
        asm = new Assembly(builder);
        rows = new UniformValues(asm, body, passes);
        lanes = masked
                        || body.stream()
                                .anyMatch(i -> i instanceof Instruction.Index index
                                        && index.at().varying())
                ? asm.lanesConstant("INDEX", Assembly.INTS)
                : -1;
        rows.fetch(arguments);
        addresses = new Addresses(asm, arguments, launch, buffers);
        int row = code.allocateLocal(TypeKind.INT);
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.iload(FIRST_ROW).istore(row);
        code.labelBinding(top);
        code.iload(row).iload(ROW_LIMIT).if_icmpge(end);
        addresses.enter(row);
        for (int access : passes.apart()) {
            if (body.get(access) instanceof Instruction.Load) {
                addresses.move(access, false);
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

    private int loadScalar(int instruction) {
        return switch (body.get(instruction)) {
            case Instruction.Load load ->
                asm.loadScalar(load.dtype() == DType.F32, () -> code.lload(addresses.base(instruction)));
            case Instruction.Index _ -> addresses.base(instruction);
            default -> throw new IllegalStateException("no scalar: " + body.get(instruction));
        };
    }

    private void storeScalars() {
        for (int i = 0; i < body.size(); i++) {
            if (body.get(i) instanceof Instruction.Store store && !store.at().varying()) {
                int base = addresses.base(i);
                asm.saveScalar(store.dtype() == DType.F32, rows.local(store.operand()), () -> code.lload(base));
            }
        }
    }

    /** One pass over the row; a long sum is formed of the sums of blocks, whose rounding errors stay small. */
    private void pass(int pass) {
        VaryingValues varying = new VaryingValues(this, addresses, asm, body, passes, pass);
        Map<Integer, Integer> sums = new TreeMap<>();
        for (int root : passes.roots(pass)) {
            if (body.get(root) instanceof Instruction.RowReduce) {
                sums.put(root, identity(root));
            }
        }
        column = code.allocateLocal(TypeKind.INT);
        addresses.at(column);
        code.iload(FIRST_COLUMN).istore(column);
        if (sums.isEmpty() || launch.inner() <= BLOCK) {
            columns(() -> code.iload(COLUMN_LIMIT), () -> roots(pass, varying, sums));
        } else {
            columns(() -> code.iload(COLUMN_LIMIT), () -> {
                code.iload(column).loadConstant(BLOCK).iadd().iload(COLUMN_LIMIT);
                code.invokestatic(MATH, "min", Assembly.type(Assembly.INT, Assembly.INT, Assembly.INT));
                int limit = asm.store(TypeKind.INT);
                Map<Integer, Integer> parts = new TreeMap<>();
                sums.keySet().forEach(root -> parts.put(root, identity(root)));
                columns(() -> code.iload(limit), () -> roots(pass, varying, parts));
                sums.forEach((root, sum) -> add(root, sum, parts.get(root), -1));
            });
        }
        for (int root : passes.roots(pass)) {
            if (body.get(root) instanceof Instruction.Store store && store.at().innerStride() != 1) {
                addresses.move(root, true);
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

    private void roots(int pass, VaryingValues varying, Map<Integer, Integer> sums) {
        mask = masked ? rowMask() : -1;
        for (int root : passes.roots(pass)) {
            root(root, varying, sums);
        }
        code.iinc(column, Lanes.COUNT);
    }

    private void add(int root, int sum, int value, int where) {
        Instruction.RowReduce reduce = (Instruction.RowReduce) body.get(root);
        code.aload(combined(reduce.dtype() == DType.F32, reduce.kind(), sum, value, where))
                .astore(sum);
    }

    private void root(int root, VaryingValues varying, Map<Integer, Integer> sums) {
        switch (body.get(root)) {
            case Instruction.RowReduce reduce -> add(root, sums.get(root), varying.vector(reduce.operand()), mask);
            case Instruction.Store store -> varying.store(root, store);
            case Instruction.ColumnReduce reduce -> {
                boolean floats = reduce.dtype() == DType.F32;
                int value = varying.vector(reduce.operand());
                Runnable at = addresses.columnAddress(columnOf(root));
                int before = asm.load(floats, at);
                int after = combined(floats, reduce.kind(), before, value, mask);
                asm.save(floats, after, addresses.columnAddress(columnOf(root)), -1);
            }
            default -> varying.spill(root);
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

    // What a pass asks of the row

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

    /** The local of the stream of a random number. */
    int constant(int value) {
        return rows.constant(value);
    }
}
