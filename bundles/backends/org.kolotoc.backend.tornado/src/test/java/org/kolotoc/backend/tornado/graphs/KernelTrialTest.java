package org.kolotoc.backend.tornado.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.kolotoc.backend.tornado.Sdk;
import org.kolotoc.backend.tornado.kernels.DeviceTask;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;
import org.kolotoc.backend.tornado.kernels.PlanKernels;
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
    /** What a real compiler says of a program whose kernels were spoilt. */
    private static String refused(UnaryOperator<byte[]> spoil) {
        Tracer tracer = new Tracer();
        tracer.output("y", tracer.feed("x", DType.F32, Shape.of(5, 300)).mul(2).sum(1));
        Program program = tracer.program();
        Plan plan = PlanKernels.plan(program);
        PlanKernels kernels = PlanKernels.of(program, plan, false);
        List<DeviceTask> spoilt = kernels.tasks().stream()
                .map(GeneratedKernel.class::cast)
                .<DeviceTask>map(kernel -> new GeneratedKernel(
                        kernel.name(),
                        kernel.className(),
                        spoil.apply(kernel.classFile()),
                        kernel.arguments(),
                        kernel.parameters(),
                        kernel.global(),
                        kernel.local(),
                        kernel.guarded()))
                .toList();
        DeviceProgram wrong = new DeviceProgram(spoilt, List.of("kernel here"), kernels.elements(), false);
        try (DeviceThread thread = new DeviceThread()) {
            return assertThrows(
                            DeviceFailure.class,
                            () -> thread.run(() -> {
                                TornadoDevice device = TornadoRuntimeProvider.getTornadoRuntime()
                                        .getBackend(0)
                                        .getDevice(0);
                                DeviceRun.of(
                                        wrong,
                                        new Target(
                                                "the device",
                                                device,
                                                false,
                                                true,
                                                true,
                                                new DeviceWatch("the device:0", false),
                                                new KernelClasses()),
                                        _ -> {});
                            }))
                    .getMessage();
        }
    }

    @Test
    @Sdk.Needed
    void whatTornadoVmCanNotTranslateIsNamedWithItsReason() {
        String message = refused(KernelTrialTest::withTimeOfDay);
        assertTrue(message.startsWith("kernel here does not compile for the device: "), message);
        assertTrue(!message.contains("Stacktrace") && !message.contains("\u001B"), message);
        assertEquals(1, message.lines().count(), "there is no source of what was never translated: " + message);
    }

    /** The method's name becomes a word of C. */
    @Test
    @Sdk.Needed
    void whatTheDriverRefusesIsNamedWithItsSource() {
        String message = refused(bytes -> new String(bytes, StandardCharsets.ISO_8859_1)
                .replace("rowsKernel", "_Imaginary")
                .getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(message.startsWith("kernel here does not compile for the device: "), message);
        assertTrue(message.contains("\nits source:\n") && message.contains("void _Imaginary("), message);
    }

    /** The kernel asks for the time of day first, which no device has. */
    private static byte[] withTimeOfDay(byte[] classFile) {
        ClassFile files = ClassFile.of();
        CodeTransform first = CodeTransform.ofStateful(() -> new CodeTransform() {
            private boolean done;

            @Override
            public void accept(CodeBuilder builder, CodeElement element) {
                if (!done && element instanceof Instruction) {
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
        return files.transformClass(
                files.parse(classFile),
                ClassTransform.transformingMethodBodies(
                        method -> !method.methodName().equalsString("<init>"), first));
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
