package org.kolotoc.backend.tornado.kernels;

import java.lang.classfile.CodeBuilder;

/** An array that the items of a work group share, in the code of a kernel. */
final class GroupMemory {
    private final Code code;
    private final CodeBuilder builder;
    private final int slot;
    private final boolean floating;

    /** @param slot of the method's local variables that holds the array */
    GroupMemory(Code code, CodeBuilder builder, int slot, boolean floating) {
        this.code = code;
        this.builder = builder;
        this.slot = slot;
        this.floating = floating;
    }

    Operand load(Operand index) {
        builder.aload(slot);
        code.push(index);
        if (floating) {
            builder.faload();
        } else {
            builder.iaload();
        }
        return code.result(floating);
    }

    void store(Operand index, Operand value) {
        builder.aload(slot);
        code.push(index);
        code.push(value);
        if (floating) {
            builder.fastore();
        } else {
            builder.iastore();
        }
    }
}
