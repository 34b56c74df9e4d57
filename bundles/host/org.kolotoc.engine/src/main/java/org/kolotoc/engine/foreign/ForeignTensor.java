package org.kolotoc.engine.foreign;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor in a safetensors file of another library.
 *
 * @param at where its first byte lies
 * @param type as the file names it
 */
record ForeignTensor(Path file, long at, String type, int[] shape) {
    /** What can be read as numbers of {@code f32}, which hold all of these exactly. */
    static final List<String> TYPES = List.of("F32", "F16", "BF16");

    /** Elements that are read at a time. */
    private static final int PART = 1 << 20;

    boolean isRead() {
        return TYPES.contains(type);
    }

    int size() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** All elements, in row-major order. */
    float[] read() {
        float[] values = new float[size()];
        int width = type.equals("F32") ? Float.BYTES : Short.BYTES;
        ByteBuffer part =
                ByteBuffer.allocate(Math.min(PART, values.length) * width).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file)) {
            for (int first = 0; first < values.length; first += PART) {
                int count = Math.min(PART, values.length - first);
                part.clear().limit(count * width);
                long position = at + (long) first * width;
                while (part.hasRemaining()) {
                    int read = channel.read(part, position + part.position());
                    if (read < 0) {
                        throw new EOFException(file + " ends early");
                    }
                }
                part.flip();
                for (int i = 0; i < count; i++) {
                    values[first + i] = element(part);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return values;
    }

    private float element(ByteBuffer part) {
        return switch (type) {
            case "F32" -> part.getFloat();
            case "F16" -> Float.float16ToFloat(part.getShort());
            case "BF16" -> Float.intBitsToFloat(part.getShort() << Short.SIZE);
            default -> throw new IllegalStateException("elements of type " + type);
        };
    }
}
