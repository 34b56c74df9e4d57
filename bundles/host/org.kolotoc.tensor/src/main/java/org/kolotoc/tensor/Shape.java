package org.kolotoc.tensor;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The static extents of a tensor, outermost axis first; row-major. A scalar has rank 0 and size 1. */
public final class Shape {
    private static final Shape SCALAR = new Shape();

    private final int[] extents;

    private Shape(int... extents) {
        this.extents = extents;
    }

    /**
     * A shape with these extents.
     *
     * @throws ShapeError when an extent is negative or the size does not fit an {@code int}; so must the product of the
     *     extents other than 0, by which elements are counted
     */
    public static Shape of(int... extents) {
        long[] wide = Arrays.stream(extents).asLongStream().toArray();
        return fitting(wide)
                .orElseThrow(() -> new ShapeError("shape " + Arrays.toString(extents)
                        + (Arrays.stream(extents).anyMatch(extent -> extent < 0)
                                ? " has a negative extent"
                                : " has more than 2^31-1 elements")
                        + Origin.here("").suffix()));
    }

    /** A shape of extents that were computed; empty when there is none. */
    static Optional<Shape> fitting(long... extents) {
        long size = 1;
        for (long extent : extents) {
            if (extent < 0 || extent > Integer.MAX_VALUE) {
                return Optional.empty();
            }
            size *= Math.max(1, extent);
            if (size > Integer.MAX_VALUE) {
                return Optional.empty();
            }
        }
        return Optional.of(new Shape(
                Arrays.stream(extents).mapToInt(extent -> (int) extent).toArray()));
    }

    /** The shape {@code []} of one element. */
    public static Shape scalar() {
        return SCALAR;
    }

    /** Number of axes. */
    public int rank() {
        return extents.length;
    }

    /** Extent of an axis; a negative axis counts from the end, {@code -1} is the innermost. */
    public int extent(int axis) {
        return extents[axis(axis)];
    }

    /**
     * The axis as a number from 0 to {@code rank - 1}.
     *
     * @throws ShapeError when the shape has no such axis
     */
    public int axis(int axis) {
        int positive = axis < 0 ? axis + extents.length : axis;
        if (positive < 0 || positive >= extents.length) {
            throw new ShapeError("axis " + axis + " does not exist in shape " + this
                    + Origin.here("").suffix());
        }
        return positive;
    }

    /** Number of elements. */
    public int size() {
        int size = 1;
        for (int extent : extents) {
            size *= extent;
        }
        return size;
    }

    /** Bytes that the elements take in a buffer. */
    public long bytes() {
        return (long) size() * DType.BYTES;
    }

    /** A copy of the extents. */
    public int[] extents() {
        return extents.clone();
    }

    /** Distance in elements between neighbours along each axis of a dense row-major tensor of this shape. */
    public int[] strides() {
        int[] strides = new int[extents.length];
        int stride = 1;
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= extents[axis];
        }
        return strides;
    }

    /** This shape with another extent on one axis. */
    public Shape with(int axis, int extent) {
        int[] changed = extents.clone();
        changed[axis(axis)] = extent;
        return of(changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(extents);
    }

    @Override
    public String toString() {
        return Arrays.stream(extents).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
