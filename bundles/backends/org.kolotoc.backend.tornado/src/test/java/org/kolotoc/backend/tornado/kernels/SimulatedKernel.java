package org.kolotoc.backend.tornado.kernels;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A generated kernel on the JVM: its class with other names for TornadoVM's types, run over all its work items. */
final class SimulatedKernel {
    private static final Map<String, String> NAMES = Map.of(
            "uk/ac/manchester/tornado/api/KernelContext", name(SimulatedContext.class),
            "uk/ac/manchester/tornado/api/types/arrays/FloatArray", name(SimulatedFloats.class),
            "uk/ac/manchester/tornado/api/types/arrays/IntArray", name(SimulatedInts.class),
            "uk/ac/manchester/tornado/api/math/TornadoMath", name(SimulatedMath.class));

    private final GeneratedKernel kernel;
    private final MethodHandle method;
    private final boolean waits;
    private final SimulatedInts parameters;
    private final int[] groups;
    private final int[] local;

    /** @param classes of kernels that were simulated before, by their names, which are those of their content */
    SimulatedKernel(GeneratedKernel kernel, Map<String, Code> classes) {
        this.kernel = kernel;
        Code code = classes.computeIfAbsent(kernel.className(), _ -> Code.of(kernel));
        this.method = code.method();
        this.waits = code.waits();
        this.parameters = new SimulatedInts(kernel.parameters().size());
        Arrays.setAll(parameters.elements, kernel.parameters()::get);
        this.local = axes(kernel.local());
        this.groups = axes(kernel.global());
        for (int axis = 0; axis < 3; axis++) {
            if (groups[axis] % local[axis] != 0) {
                throw new IllegalStateException(
                        kernel.name() + ": " + kernel.global() + " in groups of " + kernel.local());
            }
            groups[axis] /= local[axis];
        }
    }

    /**
     * A class of the JVM.
     *
     * @param waits whether its items wait for each other
     */
    record Code(MethodHandle method, boolean waits) {
        private static Code of(GeneratedKernel kernel) {
            byte[] renamed = renamed(kernel.classFile());
            boolean waits = new String(renamed, java.nio.charset.StandardCharsets.ISO_8859_1).contains("localBarrier");
            try {
                Class<?> defined = new ClassLoader(SimulatedKernel.class.getClassLoader()) {
                    Class<?> define() {
                        return defineClass(kernel.className(), renamed, 0, renamed.length);
                    }
                }.define();
                Method found = Arrays.stream(defined.getDeclaredMethods())
                        .filter(m -> Modifier.isStatic(m.getModifiers()))
                        .findFirst()
                        .orElseThrow();
                return new Code(
                        MethodHandles.lookup()
                                .unreflect(found)
                                .asSpreader(Object[].class, found.getParameterCount())
                                .asType(java.lang.invoke.MethodType.methodType(void.class, Object[].class)),
                        waits);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static int[] axes(List<Integer> extents) {
        int[] axes = {1, 1, 1};
        for (int axis = 0; axis < extents.size(); axis++) {
            axes[axis] = extents.get(axis);
        }
        return axes;
    }

    /** @param arrays in the order of the kernel's arguments */
    void run(Object[] arrays) {
        int items = local[0] * local[1] * local[2];
        List<Object> shared = new ArrayList<>();
        List<SimulatedContext> contexts = new ArrayList<>();
        List<Runnable> calls = new ArrayList<>();
        for (int item = 0; item < items; item++) {
            SimulatedContext context = new SimulatedContext(shared);
            List<Object> all = new ArrayList<>();
            all.add(context);
            all.addAll(Arrays.asList(arrays));
            if (!kernel.parameters().isEmpty()) {
                all.add(parameters);
            }
            Object[] arguments = all.toArray();
            contexts.add(context);
            calls.add(() -> call(arguments));
        }
        for (int z = 0; z < groups[2]; z++) {
            for (int y = 0; y < groups[1]; y++) {
                for (int x = 0; x < groups[0]; x++) {
                    shared.clear();
                    for (int item = 0; item < items; item++) {
                        int[] at = {item % local[0], item / local[0] % local[1], item / local[0] / local[1]};
                        contexts.get(item).at(new int[] {x, y, z}, at, local);
                    }
                    if (waits) {
                        Turns.run(calls);
                    } else {
                        calls.forEach(Runnable::run);
                    }
                }
            }
        }
    }

    private void call(Object[] arguments) {
        try {
            method.invokeExact(arguments);
        } catch (RuntimeException e) {
            throw new IllegalStateException(kernel.name() + ": " + e.getMessage(), e);
        } catch (Throwable e) {
            throw new IllegalStateException(kernel.name(), e);
        }
    }

    private static String name(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    /** The class file with other names in its constant pool. */
    private static byte[] renamed(byte[] classFile) {
        ByteArrayOutputStream renamed = new ByteArrayOutputStream();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
                DataOutputStream out = new DataOutputStream(renamed)) {
            out.writeLong(in.readLong());
            int constants = in.readUnsignedShort();
            out.writeShort(constants);
            for (int i = 1; i < constants; i++) {
                int tag = in.readUnsignedByte();
                out.writeByte(tag);
                switch (tag) {
                    case 1 -> {
                        String text = in.readUTF();
                        for (Map.Entry<String, String> entry : NAMES.entrySet()) {
                            text = text.replace(entry.getKey(), entry.getValue());
                        }
                        out.writeUTF(text);
                    }
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> out.writeInt(in.readInt());
                    case 5, 6 -> {
                        out.writeLong(in.readLong());
                        i++;
                    }
                    case 7, 8, 16, 19, 20 -> out.writeShort(in.readShort());
                    case 15 -> {
                        out.writeByte(in.readByte());
                        out.writeShort(in.readShort());
                    }
                    default -> throw new IllegalStateException("constant of kind " + tag);
                }
            }
            in.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return renamed.toByteArray();
    }
}
