package org.kolotoc.backend.tornado.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What TornadoVM asks of a kernel's class, measured; see what may be called. */
final class KernelRules {
    private static final Set<String> CALLS = Set.of(
            "java/lang/Integer.intValue",
            "uk/ac/manchester/tornado/api/KernelContext.localBarrier",
            "uk/ac/manchester/tornado/api/KernelContext.allocateFloatLocalArray",
            "uk/ac/manchester/tornado/api/KernelContext.allocateIntLocalArray",
            "uk/ac/manchester/tornado/api/types/arrays/FloatArray.get",
            "uk/ac/manchester/tornado/api/types/arrays/FloatArray.set",
            "uk/ac/manchester/tornado/api/types/arrays/IntArray.get",
            "uk/ac/manchester/tornado/api/types/arrays/IntArray.set",
            "uk/ac/manchester/tornado/api/math/TornadoMath.abs",
            "uk/ac/manchester/tornado/api/math/TornadoMath.exp",
            "uk/ac/manchester/tornado/api/math/TornadoMath.log",
            "uk/ac/manchester/tornado/api/math/TornadoMath.sqrt",
            "uk/ac/manchester/tornado/api/math/TornadoMath.sin",
            "uk/ac/manchester/tornado/api/math/TornadoMath.cos",
            "uk/ac/manchester/tornado/api/math/TornadoMath.pow");

    /** Bytes that the items of a group share, on any device. */
    private static final int MOST_SHARED = 48 << 10;

    private static final Set<String> TOKENS = Set.of(
            "kernel",
            "half",
            "float",
            "int",
            "global",
            "local",
            "constant",
            "private",
            "read_only",
            "write_only",
            "uniform",
            "pipe",
            "image",
            "sampler",
            "event",
            "vector",
            "apply");

    private KernelRules() {}

    static void check(GeneratedKernel kernel) {
        List<?> faults = ClassFile.of().verify(kernel.classFile());
        assertEquals(List.of(), faults, kernel.name());
        ClassModel type = ClassFile.of().parse(kernel.classFile());
        assertEquals(kernel.className().replace('.', '/'), type.thisClass().asInternalName());
        assertTrue(type.fields().isEmpty(), kernel.name() + " has fields");
        assertTrue(kernel.name().matches("[A-Za-z0-9_]+"), kernel.name());
        assertTrue(parameters(kernel) <= GeneratedKernel.MOST_ARGUMENTS, kernel.name() + " has too many arguments");
        assertEquals(kernel.arguments().size(), new HashSet<>(kernel.arguments()).size(), kernel.name());
        assertEquals(
                "uk/ac/manchester/tornado/api/common/TornadoFunctions$Task" + parameters(kernel),
                type.interfaces().getFirst().asInternalName());
        assertEquals(3, type.methods().size(), kernel.name());
        assertTrue(
                bytes(kernel) < 1.25 * BytecodeLimit.MOST, kernel.name() + " has " + bytes(kernel) + " bytes of code");
        for (MethodModel method : type.methods()) {
            if (method.flags().has(java.lang.reflect.AccessFlag.STATIC)) {
                checkBody(kernel, method);
            }
        }
        for (int axis = 0; axis < kernel.global().size(); axis++) {
            assertTrue(kernel.local().get(axis) > 0 && kernel.global().get(axis) > 0, kernel.name());
            assertEquals(0, kernel.global().get(axis) % kernel.local().get(axis), kernel.name());
        }
    }

    /** Code of its longest method. */
    static int bytes(GeneratedKernel kernel) {
        return ClassFile.of().parse(kernel.classFile()).methods().stream()
                .mapToInt(method -> ((CodeAttribute) method.code().orElseThrow()).codeLength())
                .max()
                .orElseThrow();
    }

    /** Of its method: the kernel context, arrays, and the array of parameters. */
    private static int parameters(GeneratedKernel kernel) {
        return 1 + kernel.arguments().size() + (kernel.parameters().isEmpty() ? 0 : 1);
    }

    private static void checkBody(GeneratedKernel kernel, MethodModel method) {
        String name = method.methodName().stringValue();
        assertFalse(TOKENS.contains(name), name + " is a word of OpenCL C");
        CodeModel code = method.code().orElseThrow();
        int shared = 0;
        int constant = 0;
        Set<Integer> named = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (CodeElement element : code) {
            switch (element) {
                case LocalVariable local -> {
                    named.add(local.slot());
                    names.add(local.name().stringValue());
                }
                case InvokeDynamicInstruction _,
                        ThrowInstruction _,
                        NewObjectInstruction _,
                        NewPrimitiveArrayInstruction _ -> throw new AssertionError(kernel.name() + " has " + element);
                case InvokeInstruction call -> {
                    String called =
                            call.owner().asInternalName() + "." + call.name().stringValue();
                    assertTrue(CALLS.contains(called), kernel.name() + " calls " + called);
                    shared += called.contains("LocalArray") ? Integer.BYTES * constant : 0;
                }
                case ConstantInstruction loaded -> constant = loaded.constantValue() instanceof Integer i ? i : 0;
                case FieldInstruction field -> {
                    assertEquals(Opcode.GETFIELD, field.opcode(), kernel.name());
                    assertEquals(
                            "uk/ac/manchester/tornado/api/KernelContext",
                            field.owner().asInternalName());
                }
                default -> {}
            }
        }
        assertTrue(shared <= MOST_SHARED, kernel.name() + " has " + shared + " bytes of local memory");
        int parameters = method.methodTypeSymbol().parameterCount();
        assertEquals(parameters(kernel), parameters, kernel.name());
        assertEquals(parameters, names.size(), kernel.name() + ": names of parameters");
        for (int i = 0; i < parameters; i++) {
            assertTrue(named.contains(i), kernel.name() + ": parameter " + i + " has no name");
        }
    }
}
