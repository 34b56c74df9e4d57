package org.kolotoc.backend.tornado.kernels;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/** A kernel that changes nothing: a graph that only brings arrays up needs a task too. */
public final class TouchKernel {
    private static final String NAME = "org.kolotoc.backend.tornado.generated.Touch";
    private static final String API = "uk.ac.manchester.tornado.api.";
    private static final ClassDesc CONTEXT = ClassDesc.of(API + "KernelContext");
    private static final ClassDesc INTS = ClassDesc.of(API + "types.arrays.IntArray");
    private static final ClassDesc TASK = ClassDesc.of(API + "common.TornadoFunctions$Task2");
    private static final MethodTypeDesc TOUCH = MethodTypeDesc.of(ConstantDescs.CD_void, CONTEXT, INTS);

    private TouchKernel() {}

    /** One item that could write the scratch array of ints, and does not. */
    public static GeneratedKernel kernel() {
        byte[] bytes = ClassFile.of()
                .build(
                        ClassDesc.of(NAME),
                        type -> type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                                .withInterfaceSymbols(TASK)
                                .withMethodBody(
                                        ConstantDescs.INIT_NAME,
                                        ConstantDescs.MTD_void,
                                        ClassFile.ACC_PUBLIC,
                                        code -> code.aload(0)
                                                .invokespecial(
                                                        ConstantDescs.CD_Object,
                                                        ConstantDescs.INIT_NAME,
                                                        ConstantDescs.MTD_void)
                                                .return_())
                                .withMethodBody(
                                        "touch", TOUCH, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, TouchKernel::touch)
                                .withMethodBody(
                                        "apply",
                                        MethodTypeDesc.of(
                                                ConstantDescs.CD_void,
                                                ConstantDescs.CD_Object,
                                                ConstantDescs.CD_Object),
                                        ClassFile.ACC_PUBLIC,
                                        code -> code.aload(1)
                                                .checkcast(CONTEXT)
                                                .aload(2)
                                                .checkcast(INTS)
                                                .invokestatic(ClassDesc.of(NAME), "touch", TOUCH)
                                                .return_()));
        return new GeneratedKernel("touch", NAME, bytes, List.of(DeviceMemory.INT_SCRATCH), List.of(1), List.of(1));
    }

    private static void touch(CodeBuilder code) {
        Label end = code.newLabel();
        code.localVariable(0, "context", CONTEXT, code.startLabel(), code.endLabel())
                .localVariable(1, "memory", INTS, code.startLabel(), code.endLabel())
                .aload(0)
                .getfield(CONTEXT, "globalIdx", ConstantDescs.CD_Integer)
                .invokevirtual(ConstantDescs.CD_Integer, "intValue", MethodTypeDesc.of(ConstantDescs.CD_int))
                .ifge(end)
                .aload(1)
                .iconst_0()
                .iconst_0()
                .invokevirtual(
                        INTS,
                        "set",
                        MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int, ConstantDescs.CD_int))
                .labelBinding(end)
                .return_();
    }
}
