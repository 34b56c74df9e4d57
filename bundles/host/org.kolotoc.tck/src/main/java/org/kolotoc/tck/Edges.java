package org.kolotoc.tck;

/** Numbers at the ends of their types, and around the places where an implementation changes its way. */
final class Edges {
    /** Numbers that every processor takes as they are, whatever it does with subnormal ones. */
    static final double[] FLOATS = {
        0,
        -0.0,
        1,
        -1,
        0.5,
        -0.5,
        1.5,
        -2.5,
        3,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        0x1p-24,
        1 + 0x1p-23,
        1 - 0x1p-24,
        0x1p23 - 0.5,
        -0x1p23 + 0.5,
        0x1p23 + 1,
        0x1p24 + 2,
        0x1p31,
        -0x1p31,
        0x1p31 - 128,
        -0x1p31 - 256,
        1e10,
        -1e19,
        1e30
    };

    static final double[] SUBNORMAL = {
        Float.MIN_VALUE, -Float.MIN_VALUE, 3 * Float.MIN_VALUE, 0x1p-140, -0x1p-127, Float.MIN_NORMAL, 0x1.8p-126
    };

    static final double[] INTS = {
        0,
        1,
        -1,
        2,
        -2,
        Integer.MIN_VALUE,
        Integer.MIN_VALUE + 1,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE - 1,
        65_536,
        -65_536,
        46_341,
        123_456_789,
        (1 << 24) + 1,
        (1 << 24) + 3,
        -(1 << 25) - 2
    };

    private Edges() {}
}
