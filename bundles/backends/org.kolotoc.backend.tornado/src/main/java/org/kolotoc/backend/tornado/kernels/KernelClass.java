package org.kolotoc.backend.tornado.kernels;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * The class of one kernel: the kernel as a static method, and the task interface that calls it. Equal content has an
 * equal name.
 */
final class KernelClass {
    private static final String PACKAGE = "org.kolotoc.backend.tornado.generated.";
    private static final String TASKS = Code.API + "common.TornadoFunctions";

    private final Placement placement;

    KernelClass(Placement placement) {
        this.placement = placement;
    }

    /**
     * Items along up to three axes.
     *
     * @param guarded see {@link GeneratedKernel}
     */
    record Grid(List<Integer> global, List<Integer> local, boolean guarded) {
        /** At least {@code items} along one axis, in groups. */
        static Grid of(int items, int group) {
            long groups = ((long) items + group - 1) / group;
            return groups(List.of(group), List.of(groups));
        }

        /**
         * As {@link #of}, with a power of two of groups, or as many as a device counts: launches of about one size then have
         * equal grids. The kernel asks of each item whether it is needed.
         */
        static Grid even(int items, int group) {
            long power = Long.highestOneBit(Math.max(1, ((long) items - 1) / group)) * 2;
            long groups = Math.min(power, Integer.MAX_VALUE / group);
            Grid grid = groups(List.of(group), List.of(items <= group ? 1 : groups));
            return new Grid(grid.global(), grid.local(), true);
        }

        /** Whether planes along the third axis are free for more launches of the same kernel. */
        boolean leavesPlanes() {
            return local.size() < 3;
        }

        static Grid groups(List<Integer> local, List<Long> groups) {
            List<Integer> global = new ArrayList<>();
            for (int axis = 0; axis < local.size(); axis++) {
                long items = local.get(axis) * groups.get(axis);
                if (items > Integer.MAX_VALUE) {
                    throw new UnsupportedOperationException(
                            "a kernel of " + items + " items is more than a device takes");
                }
                global.add((int) items);
            }
            return new Grid(List.copyOf(global), local, false);
        }
    }

    /**
     * Writes a kernel.
     *
     * @param name of the launch, for people
     * @param method of the kernel, no word of OpenCL C
     * @param arguments arrays that the body loads and stores
     * @param body is run several times and must write the same code
     */
    GeneratedKernel write(String name, String method, List<DeviceMemory> arguments, Grid grid, Consumer<Code> body) {
        List<Integer> parameters = new ArrayList<>();
        boolean planes = grid.leavesPlanes();
        write(PACKAGE + "Sketch", method, arguments, 0, planes, code -> {
            body.accept(code);
            parameters.addAll(code.parameters());
        });
        // Named by its content, so that caches keyed by name never mix up two kernels.
        byte[] draft = write(PACKAGE + "Draft", method, arguments, parameters.size(), planes, body);
        String className = PACKAGE + "K" + digest(draft);
        byte[] classFile = write(className, method, arguments, parameters.size(), planes, body);
        return new GeneratedKernel(
                identifier(name),
                className,
                classFile,
                List.copyOf(arguments),
                List.copyOf(parameters),
                grid.global(),
                grid.local(),
                grid.guarded());
    }

    /** Of a task, from the name of a launch. */
    static String identifier(String name) {
        return name.replaceAll("[^A-Za-z0-9]+", "_");
    }

    private static String digest(byte[] draft) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(draft), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private byte[] write(
            String className,
            String method,
            List<DeviceMemory> arguments,
            int parameters,
            boolean planes,
            Consumer<Code> body) {
        ClassDesc self = ClassDesc.of(className);
        List<ClassDesc> all = new ArrayList<>(List.of(Code.CONTEXT));
        arguments.forEach(memory -> all.add(memory.floating() ? Code.FLOATS : Code.INTS));
        if (parameters > 0) {
            all.add(Code.INTS);
        }
        ClassDesc[] types = all.toArray(ClassDesc[]::new);
        MethodTypeDesc kernel = MethodTypeDesc.of(ConstantDescs.CD_void, types);
        ClassDesc[] objects = new ClassDesc[types.length];
        Arrays.fill(objects, ConstantDescs.CD_Object);
        int flags = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC;
        return ClassFile.of()
                .build(
                        self,
                        type -> type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                                .withInterfaceSymbols(ClassDesc.of(TASKS + "$Task" + types.length))
                                .withMethodBody(
                                        ConstantDescs.INIT_NAME,
                                        ConstantDescs.MTD_void,
                                        ClassFile.ACC_PUBLIC,
                                        init -> init.aload(0)
                                                .invokespecial(
                                                        ConstantDescs.CD_Object,
                                                        ConstantDescs.INIT_NAME,
                                                        ConstantDescs.MTD_void)
                                                .return_())
                                .withMethodBody(
                                        method,
                                        kernel,
                                        flags,
                                        code -> kernel(code, types, arguments, parameters, planes, body))
                                .withMethodBody(
                                        "apply",
                                        MethodTypeDesc.of(ConstantDescs.CD_void, objects),
                                        ClassFile.ACC_PUBLIC,
                                        code -> apply(code, types, self, method, kernel)));
    }

    /** TornadoVM takes the names of parameters from the table of local variables. */
    private void kernel(
            CodeBuilder code,
            ClassDesc[] types,
            List<DeviceMemory> arguments,
            int parameters,
            boolean planes,
            Consumer<Code> body) {
        code.localVariable(0, "context", types[0], code.startLabel(), code.endLabel());
        for (int i = 1; i < types.length; i++) {
            code.localVariable(i, "memory" + i, types[i], code.startLabel(), code.endLabel());
        }
        body.accept(new Code(code, placement, arguments, parameters, planes));
        code.return_();
    }

    private static void apply(
            CodeBuilder code, ClassDesc[] types, ClassDesc self, String method, MethodTypeDesc kernel) {
        for (int i = 0; i < types.length; i++) {
            code.aload(i + 1).checkcast(types[i]);
        }
        code.invokestatic(self, method, kernel).return_();
    }
}
