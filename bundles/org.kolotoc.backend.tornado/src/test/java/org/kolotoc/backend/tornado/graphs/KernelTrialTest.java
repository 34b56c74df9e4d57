package org.kolotoc.backend.tornado.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.backend.tornado.Sdk;
import org.kolotoc.backend.tornado.kernels.DeviceTask;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;
import org.kolotoc.backend.tornado.kernels.PlanKernels;
import org.kolotoc.compiler.Compiler;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tracer;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** What a person is told of a kernel that a device's compiler refuses. */
class KernelTrialTest {
    /** The real test is a real compiler. */
    @Test
    @Sdk.Needed
    void theKernelAtFaultIsNamedWithItsReason() {
        Tracer tracer = new Tracer();
        tracer.output("y", tracer.feed("x", DType.F32, Shape.of(5, 300)).mul(2).sum(1));
        Program program = tracer.program();
        Plan plan = Compiler.compileWithoutAttention(program);
        PlanKernels kernels = PlanKernels.of(program, plan, false);
        List<DeviceTask> spoilt = kernels.tasks().stream()
                .map(task -> task instanceof GeneratedKernel kernel ? spoilt(kernel) : task)
                .toList();
        DeviceProgram wrong = new DeviceProgram(spoilt, List.of("kernel here"), kernels.elements(), false);
        DeviceFailure failure = assertThrows(
                DeviceFailure.class,
                () -> new DeviceThread().run(() -> {
                    TornadoDevice device = TornadoRuntimeProvider.getTornadoRuntime()
                            .getBackend(0)
                            .getDevice(0);
                    DeviceRun.of(wrong, new Target("the device", device, false, new KernelClasses()), _ -> {});
                }));
        String message = failure.getMessage();
        assertTrue(message.startsWith("kernel here does not compile for the device: "), message);
        assertTrue(!message.contains("Stacktrace") && !message.contains("\u001B"), message);
        assertEquals(1, message.lines().count(), "there is no source of what was never translated: " + message);
    }

    /** The kernel asks for the time of day first, which no device has. */
    private static GeneratedKernel spoilt(GeneratedKernel kernel) {
        ClassFile files = ClassFile.of();
        ClassModel model = files.parse(kernel.classFile());
        CodeTransform first = CodeTransform.ofStateful(() -> new CodeTransform() {
            private boolean done;

            @Override
            public void accept(CodeBuilder builder, CodeElement element) {
                if (!done && element instanceof java.lang.classfile.Instruction) {
                    done = true;
                    builder.invokestatic(
                                    ClassDesc.of("java.lang.System"),
                                    "nanoTime",
                                    MethodTypeDesc.of(ConstantDescs.CD_long))
                            .pop2();
                }
                builder.with(element);
            }
        });
        byte[] bytes = files.transformClass(
                model,
                ClassTransform.transformingMethodBodies(
                        method -> !method.methodName().equalsString("<init>"), first));
        return new GeneratedKernel(
                kernel.name(),
                kernel.className(),
                bytes,
                kernel.arguments(),
                kernel.parameters(),
                kernel.global(),
                kernel.local());
    }

    @Test
    void aReasonIsOneLineOfText() {
        Throwable inner = new IllegalStateException(
                "\u001B[31mBailout is disabled. \nReason: no such thing\u001B[0m\nStacktrace: [a.b(C.java:1), ...");
        assertEquals("Bailout is disabled. Reason: no such thing", Reason.of(new RuntimeException("wrapped", inner)));
        assertEquals("UnsatisfiedLinkError: 'int f()'", Reason.of(new UnsatisfiedLinkError("'int f()'")));
        assertEquals("NullPointerException", Reason.of(new NullPointerException()));
    }
}
