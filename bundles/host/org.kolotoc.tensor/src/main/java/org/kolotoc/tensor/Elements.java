package org.kolotoc.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** The elements of a literal, {@link Op.Literal}, in row-major order. Their text is a hash, which says whether two are equal. */
public final class Elements {
    /** Elements that are hashed at a time. */
    private static final int PART = 1 << 12;

    private final DType dtype;
    /** As they lie in memory. */
    private final int[] bits;

    private final String hash;

    private Elements(DType dtype, int[] bits) {
        this.dtype = dtype;
        this.bits = bits;
        this.hash = hash(dtype, bits);
    }

    static Elements of(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return new Elements(DType.F32, bits);
    }

    static Elements of(int[] values) {
        return new Elements(DType.I32, values.clone());
    }

    private static String hash(DType dtype, int[] bits) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(dtype.label().getBytes(StandardCharsets.UTF_8));
            ByteBuffer part = ByteBuffer.allocate(DType.BYTES * Math.min(PART, bits.length));
            for (int first = 0; first < bits.length; first += PART) {
                int count = Math.min(PART, bits.length - first);
                part.clear().asIntBuffer().put(bits, first, count);
                digest.update(part.limit(DType.BYTES * count));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** {@code f32} or {@code i32}. */
    public DType dtype() {
        return dtype;
    }

    public int size() {
        return bits.length;
    }

    /** The element at a row-major index. */
    public double at(int index) {
        return dtype == DType.F32 ? Float.intBitsToFloat(bits[index]) : bits[index];
    }

    /** Writes them one after the other, {@value DType#BYTES} bytes each. */
    public void copyTo(MemorySegment memory) {
        MemorySegment.copy(bits, 0, memory, ValueLayout.JAVA_INT, 0, bits.length);
    }

    /** Whether there are not two that differ in a bit. */
    boolean areEqual() {
        for (int bit : bits) {
            if (bit != bits[0]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Elements that
                && dtype == that.dtype
                && hash.equals(that.hash)
                && Arrays.equals(bits, that.bits);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    /** {@code sha256:} and the first 32 digits. */
    @Override
    public String toString() {
        return "sha256:" + hash;
    }
}
