package org.kolotoc.tensor;

/**
 * Random numbers as a pure function of (seed, stream, index): Threefry-2x32 with 20 rounds (Salmon et al., «Parallel
 * random numbers: as easy as 1, 2, 3», SC 2011). There is no state to save, and any order and any number of threads
 * give the same numbers. {@link Op.RandomUniform} and {@link Op.RandomNormal} are the same functions on a device.
 */
public final class CounterRandom {
    private static final int[][] ROTATIONS = {{13, 15, 26, 6}, {17, 29, 16, 24}};
    private static final int PARITY = 0x1BD11BDA;
    private static final double UNIT = 0x1p-24;

    private final int key0;
    private final int key1;

    /** The stream of that name under a seed. */
    public CounterRandom(long seed, String stream) {
        this(seed, hash(stream));
    }

    /** The stream of that number under a seed. */
    public CounterRandom(long seed, long stream) {
        long mixed = bits((int) seed, (int) (seed >>> 32), (int) stream, (int) (stream >>> 32));
        this.key0 = (int) mixed;
        this.key1 = (int) (mixed >>> 32);
    }

    /** Uniform in [0, 1), a multiple of 2^-24. */
    public double uniform(long index) {
        return uniform((int) bits(key0, key1, (int) index, (int) (index >>> 32)));
    }

    /** Uniform in {@code [0, bound)}; bound must be positive. */
    public int integer(long index, int bound) {
        return (int) integer(index, (long) bound);
    }

    /** The same for bounds of any size: with equal bounds both give the same number. */
    public long integer(long index, long bound) {
        return (bits(key0, key1, (int) index, (int) (index >>> 32)) >>> 1) % bound;
    }

    /** Standard normal (Box and Muller 1958). */
    public double normal(long index) {
        long bits = bits(key0, key1, (int) index, (int) (index >>> 32));
        double radius = Math.sqrt(-2 * StrictMath.log(1 - uniform((int) bits)));
        return radius * StrictMath.cos(2 * Math.PI * uniform((int) (bits >>> 32)));
    }

    /** The element of {@link Op.RandomUniform} at a row-major index. */
    public static float uniform(int key0, int key1, int stream, int index) {
        return (float) uniform((int) bits(key0, key1, index, stream));
    }

    /** The element of {@link Op.RandomNormal} at a row-major index. */
    public static float normal(int key0, int key1, int stream, int index) {
        return NormalQuantile.of(uniform(key0, key1, stream, index));
    }

    private static double uniform(int bits) {
        return (bits >>> 8) * UNIT;
    }

    /** Threefry-2x32-20: the first word in the low half. */
    static long bits(int key0, int key1, int counter0, int counter1) {
        // Three variables that change places, not an array: data is drawn in the steady step, which allocates nothing.
        int current = key0;
        int next = key1;
        int afterNext = PARITY ^ key0 ^ key1;
        int x0 = counter0 + current;
        int x1 = counter1 + next;
        for (int group = 0; group < 5; group++) {
            for (int rotation : ROTATIONS[group & 1]) {
                x0 += x1;
                x1 = Integer.rotateLeft(x1, rotation) ^ x0;
            }
            x0 += next;
            x1 += afterNext + group + 1;
            int spent = current;
            current = next;
            next = afterNext;
            afterNext = spent;
        }
        return (x0 & 0xFFFFFFFFL) | ((long) x1 << 32);
    }

    /** FNV-1a, 64 bits. */
    private static long hash(String text) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        return hash;
    }
}
