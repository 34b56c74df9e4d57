package org.kolotoc.backend.cpu.convolution;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.kolotoc.backend.cpu.gemm.OneDnn;

/** A primitive of oneDNN with operands of its own, pointed elsewhere only when an address changes. */
final class BoundPrimitive {
    private static final long ENTRY = 16;
    /** Operands at most, the scratchpad included. */
    private static final int MOST = 4;
    /** Of entries {int operand; long memory}. */
    static final long BYTES = MOST * ENTRY;

    private final OneDnn.Primitive primitive;
    private final MemorySegment entries;
    private final long[] memories = new long[MOST];
    private final long[] addresses = new long[MOST];
    private int count;

    BoundPrimitive(OneDnn.Primitive primitive, Arena arena) {
        this.primitive = primitive;
        this.entries = arena.allocate(BYTES, ENTRY);
    }

    /** Adds an operand of a description; operands are numbered in this order. */
    BoundPrimitive with(int argument, long description, Arena arena) {
        memories[count] = OneDnn.memory(description, arena);
        entries.set(ValueLayout.JAVA_INT, ENTRY * count, argument);
        entries.set(ValueLayout.JAVA_LONG, ENTRY * count + 8, memories[count]);
        count++;
        return this;
    }

    /** Adds the scratchpad as the last operand, if the primitive has one. */
    BoundPrimitive withScratchpad(Arena arena) {
        long bytes = primitive.scratchpadBytes();
        return bytes == 0 ? this : with(OneDnn.ARG_SCRATCHPAD, OneDnn.scratchpadDescription(bytes, arena), arena);
    }

    BoundPrimitive point(int operand, long address) {
        if (operand < count && addresses[operand] != address) {
            OneDnn.point(memories[operand], address);
            addresses[operand] = address;
        }
        return this;
    }

    void run() {
        OneDnn.execute(primitive.handle(), count, entries.address());
    }
}
