package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.kolotoc.backend.tornado.kernels.DeviceMemory.Purpose;
import org.kolotoc.backend.tornado.kernels.PlanKernels.Place;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;

/**
 * Where the buffers of a plan lie on the device. Scratch of {@code f32} keeps the plan's offsets, which are those of one block
 * that is cut into arrays; all else lies one after the other, and so do values that are too small to save memory by sharing
 * it: launches that share none need not wait for each other.
 */
final class Placement {
    /** Elements that buffers begin at a multiple of: neighbouring items then read whole lines. */
    private static final int ALIGNMENT = 16;
    /** Elements of values that share no memory. */
    private static final int SMALL = 4096;
    /** Items that step over an array count up to a group beyond its end, in an int. */
    static final int MOST_ELEMENTS = Integer.MAX_VALUE - 1023;

    private final List<Plan.Buffer> buffers;
    private final List<Place> places = new ArrayList<>();
    private final int most;
    private final NavigableMap<DeviceMemory, Long> sizes = new TreeMap<>();

    /** @param most elements of an array, a multiple of 16 */
    Placement(Program program, Plan plan, int most) {
        this.buffers = plan.buffers();
        this.most = most;
        for (Purpose purpose : Purpose.values()) {
            sizes.put(DeviceMemory.first(purpose, true), 0L);
            sizes.put(DeviceMemory.first(purpose, false), 0L);
        }
        for (Plan.Buffer buffer : buffers) {
            places.add(
                    buffer instanceof Plan.Buffer.Scratch scratch
                                    && scratch.dtype() == DType.F32
                                    && scratch.size() > SMALL
                            ? planned(scratch)
                            : null);
        }
        for (int i = 0; i < places.size(); i++) {
            Plan.Buffer buffer = buffers.get(i);
            if (places.get(i) == null) {
                places.set(i, reserve(purpose(program, buffer), buffer.dtype() == DType.F32, buffer.size()));
            }
        }
    }

    private Place planned(Plan.Buffer.Scratch scratch) {
        long at = scratch.offset() / DType.BYTES;
        DeviceMemory memory = new DeviceMemory(Purpose.SCRATCH, true, (int) (at / most));
        long offset = at % most;
        requireWhole(offset + scratch.size());
        sizes.merge(memory, offset + scratch.size(), Math::max);
        return new Place(memory, (int) offset);
    }

    private static Purpose purpose(Program program, Plan.Buffer buffer) {
        return switch (buffer) {
            case Plan.Buffer.Scratch _ -> Purpose.SCRATCH;
            case Plan.Buffer.Literal _ -> Purpose.STATES;
            case Plan.Buffer.Bound bound when program.isState(bound.name()) -> Purpose.STATES;
            case Plan.Buffer.Bound bound when program.inputs().containsKey(bound.name()) -> Purpose.FEEDS;
            case Plan.Buffer.Bound _ -> Purpose.RESULTS;
        };
    }

    Place place(int buffer) {
        return places.get(buffer);
    }

    /** The array that a buffer lies in. */
    DeviceMemory memory(int buffer) {
        return places.get(buffer).memory();
    }

    /** Whether the elements of a buffer are floats; they are ints otherwise. */
    boolean floating(int buffer) {
        return memory(buffer).floating();
    }

    /** The element of that array that a buffer begins at. */
    int offset(int buffer) {
        return places.get(buffer).offset();
    }

    /** The elements of that array that are a buffer's. */
    Footprint.Range range(int buffer) {
        return new Footprint.Range(
                memory(buffer),
                offset(buffer),
                offset(buffer) + buffers.get(buffer).size());
    }

    /** Takes more scratch for a kernel alone. */
    Place reserve(boolean floating, long count) {
        return reserve(Purpose.SCRATCH, floating, count);
    }

    private Place reserve(Purpose purpose, boolean floating, long count) {
        requireWhole(count);
        DeviceMemory memory = sizes.floorKey(new DeviceMemory(purpose, floating, Integer.MAX_VALUE));
        long at = (sizes.get(memory) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (at + count > most) {
            memory = memory.next();
            at = 0;
        }
        sizes.put(memory, at + count);
        return new Place(memory, (int) at);
    }

    private void requireWhole(long elements) {
        if (elements > most) {
            throw new UnsupportedOperationException("a value of " + elements * DType.BYTES
                    + " bytes is more than one array of a device takes; make the batch or the model smaller");
        }
    }

    /** How many elements each array has, in their order. */
    Map<DeviceMemory, Integer> elements() {
        Map<DeviceMemory, Integer> elements = new TreeMap<>();
        sizes.forEach((memory, size) -> elements.put(memory, size.intValue()));
        return elements;
    }

    /** Where all buffers lie, by number. */
    List<Place> places() {
        return List.copyOf(places);
    }
}
