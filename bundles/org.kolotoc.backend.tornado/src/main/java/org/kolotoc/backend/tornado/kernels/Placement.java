package org.kolotoc.backend.tornado.kernels;

import java.util.List;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.DType;

/**
 * Where the buffers of a plan lie on the device. Scratch of {@code f32} keeps the plan's offsets, in one array of floats;
 * scratch of other types, which is little, lies one after the other in one array of ints.
 */
final class Placement {
    private final List<Plan.Buffer> buffers;
    private final int[] offsets;
    private long floats;
    private long ints;

    Placement(Plan plan) {
        this.buffers = plan.buffers();
        this.offsets = new int[buffers.size()];
        for (int i = 0; i < offsets.length; i++) {
            if (buffers.get(i) instanceof Plan.Buffer.Scratch scratch) {
                if (scratch.dtype() == DType.F32) {
                    long at = scratch.offset() / DType.BYTES;
                    offsets[i] = index(at);
                    floats = Math.max(floats, at + scratch.size());
                } else {
                    offsets[i] = index(ints);
                    ints += scratch.size();
                }
            }
        }
    }

    /** The array that a buffer lies in. */
    DeviceMemory memory(int buffer) {
        return switch (buffers.get(buffer)) {
            case Plan.Buffer.Bound _ -> new DeviceMemory.Bound(buffer);
            case Plan.Buffer.Scratch scratch ->
                scratch.dtype() == DType.F32 ? new DeviceMemory.FloatScratch() : new DeviceMemory.IntScratch();
        };
    }

    /** Whether the elements of a buffer are floats; they are ints otherwise. */
    boolean floating(int buffer) {
        return buffers.get(buffer).dtype() == DType.F32;
    }

    /** Whether it is an array of floats. */
    boolean floating(DeviceMemory memory) {
        return switch (memory) {
            case DeviceMemory.Bound bound -> floating(bound.buffer());
            case DeviceMemory.FloatScratch _ -> true;
            case DeviceMemory.IntScratch _ -> false;
        };
    }

    /** The element of that array that a buffer begins at. */
    int offset(int buffer) {
        return offsets[buffer];
    }

    /** Takes more floats for a kernel alone; says where they begin. */
    int reserveFloats(long count) {
        int at = index(floats);
        floats += count;
        return at;
    }

    /** Takes more ints for a kernel alone; says where they begin. */
    int reserveInts(long count) {
        int at = index(ints);
        ints += count;
        return at;
    }

    /** Elements of the array of floats. */
    long floats() {
        return floats;
    }

    /** Elements of the array of ints. */
    long ints() {
        return ints;
    }

    private static int index(long element) {
        if (element > Integer.MAX_VALUE) {
            throw new UnsupportedOperationException("intermediate values of " + element * DType.BYTES
                    + " bytes are more than one array of a device takes");
        }
        return (int) element;
    }
}
