package org.kolotoc.backend.tornado.kernels;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.backend.tornado.kernels.PlanKernels.Place;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;

/**
 * Where the buffers of a plan lie on the device. Scratch of {@code f32} keeps the plan's offsets; all else lies one after
 * the other.
 */
final class Placement {
    /** Elements that buffers begin at a multiple of: neighbouring items then read whole lines. */
    private static final int ALIGNMENT = 16;
    /** Items that step over an array count up to a group beyond its end, in an int. */
    static final int MOST_ELEMENTS = Integer.MAX_VALUE - 1023;

    private final List<Plan.Buffer> buffers;
    private final DeviceMemory[] memories;
    private final int[] offsets;
    private final Map<DeviceMemory, Long> sizes = new EnumMap<>(DeviceMemory.class);

    Placement(Program program, Plan plan) {
        this.buffers = plan.buffers();
        this.memories = new DeviceMemory[buffers.size()];
        this.offsets = new int[buffers.size()];
        for (int i = 0; i < offsets.length; i++) {
            Plan.Buffer buffer = buffers.get(i);
            memories[i] = memory(program, buffer);
            if (buffer instanceof Plan.Buffer.Scratch scratch && scratch.dtype() == DType.F32) {
                long at = scratch.offset() / DType.BYTES;
                offsets[i] = index(at);
                sizes.merge(memories[i], at + scratch.size(), Math::max);
            }
        }
        for (int i = 0; i < offsets.length; i++) {
            if (memories[i] != DeviceMemory.FLOAT_SCRATCH) {
                offsets[i] = reserve(memories[i], buffers.get(i).size());
            }
        }
    }

    private static DeviceMemory memory(Program program, Plan.Buffer buffer) {
        boolean floating = buffer.dtype() == DType.F32;
        return switch (buffer) {
            case Plan.Buffer.Scratch _ -> floating ? DeviceMemory.FLOAT_SCRATCH : DeviceMemory.INT_SCRATCH;
            case Plan.Buffer.Literal _ -> floating ? DeviceMemory.FLOAT_STATES : DeviceMemory.INT_STATES;
            case Plan.Buffer.Bound bound
            when program.isState(bound.name()) -> floating ? DeviceMemory.FLOAT_STATES : DeviceMemory.INT_STATES;
            case Plan.Buffer.Bound bound
            when program.inputs().containsKey(bound.name()) ->
                floating ? DeviceMemory.FLOAT_FEEDS : DeviceMemory.INT_FEEDS;
            case Plan.Buffer.Bound _ -> floating ? DeviceMemory.FLOAT_RESULTS : DeviceMemory.INT_RESULTS;
        };
    }

    /** The array that a buffer lies in. */
    DeviceMemory memory(int buffer) {
        return memories[buffer];
    }

    /** Whether the elements of a buffer are floats; they are ints otherwise. */
    boolean floating(int buffer) {
        return memories[buffer].isFloating();
    }

    /** The element of that array that a buffer begins at. */
    int offset(int buffer) {
        return offsets[buffer];
    }

    /** The elements of that array that are a buffer's. */
    Footprint.Range range(int buffer) {
        return new Footprint.Range(
                memories[buffer],
                offsets[buffer],
                offsets[buffer] + buffers.get(buffer).size());
    }

    /** Takes more scratch for a kernel alone; says at which element it begins. */
    int reserve(boolean floating, long count) {
        return reserve(floating ? DeviceMemory.FLOAT_SCRATCH : DeviceMemory.INT_SCRATCH, count);
    }

    private int reserve(DeviceMemory memory, long count) {
        long at = (elements(memory) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        sizes.put(memory, at + count);
        return index(at);
    }

    private long elements(DeviceMemory memory) {
        return sizes.getOrDefault(memory, 0L);
    }

    /** How many elements each array has. */
    Map<DeviceMemory, Integer> elements() {
        Map<DeviceMemory, Integer> elements = new EnumMap<>(DeviceMemory.class);
        for (DeviceMemory memory : DeviceMemory.values()) {
            elements.put(memory, index(elements(memory)));
        }
        return elements;
    }

    /** Where all buffers lie, by number. */
    List<Place> places() {
        return IntStream.range(0, offsets.length)
                .mapToObj(buffer -> new Place(memories[buffer], offsets[buffer]))
                .toList();
    }

    private static int index(long element) {
        if (element > MOST_ELEMENTS) {
            throw new UnsupportedOperationException("values of " + element * DType.BYTES
                    + " bytes are more than one array of a device takes; make the batch or the model smaller");
        }
        return (int) element;
    }
}
