package org.kolotoc.engine.state;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;

/**
 * A train state at one moment. Its tensors stay where they are, on the device or in a file, and are read part by part: a
 * state may be larger than the heap.
 *
 * @param tensors by name, ordered
 * @param counters by name, ordered
 */
public record Snapshot(Map<String, Entry> tensors, Map<String, Long> counters) {
    /** Tensors of an owner, by their names without it. */
    public Map<String, Entry> of(String owner) {
        Map<String, Entry> found = new TreeMap<>();
        tensors.forEach((name, entry) -> {
            if (name.startsWith(owner + "/")) {
                found.put(name.substring(owner.length() + 1), entry);
            }
        });
        return found;
    }

    /** The same without what is below an owner. */
    public Snapshot without(String owner) {
        Map<String, Entry> others = new TreeMap<>(tensors);
        others.keySet().removeIf(name -> LiveState.isBelow(owner, name));
        Map<String, Long> counted = new TreeMap<>(counters);
        counted.keySet().removeIf(name -> LiveState.isBelow(owner, name));
        return new Snapshot(others, counted);
    }

    /** Whose tensors there are. */
    public Set<String> owners() {
        Set<String> owners = new TreeSet<>();
        tensors.keySet().forEach(name -> owners.add(name.substring(0, Math.max(0, name.indexOf('/')))));
        return owners;
    }

    /** SHA-256 of tensors as they are written to a file. */
    public static String hash(Map<String, Entry> tensors) throws IOException {
        return Safetensors.hash(tensors);
    }

    /**
     * Writes tensors as a file in the format safetensors.
     *
     * @param metadata of the file
     */
    public static void write(Map<String, Entry> tensors, Map<String, String> metadata, OutputStream out)
            throws IOException {
        Safetensors.write(tensors, metadata, out);
    }

    /** Elements of a part. */
    private static final int PART = 1 << 16;

    /** Takes a part of a tensor. */
    @FunctionalInterface
    interface Sink {
        /**
         * Takes elements.
         *
         * @param first index of the first of them
         * @param part 4 bytes each, little-endian; valid until this returns
         */
        void take(int first, ByteBuffer part) throws IOException;
    }

    /** A tensor, its elements in row-major order. */
    public interface Entry {
        DType dtype();

        int[] shape();

        /** Hands out all elements in order. */
        void read(Sink sink) throws IOException;

        /** Bytes of all elements. */
        default long bytes() {
            long bytes = DType.BYTES;
            for (int extent : shape()) {
                bytes = Math.multiplyExact(bytes, extent);
            }
            return bytes;
        }

        /** All elements of a tensor of type {@code f32}. */
        default float[] floats() throws IOException {
            float[] floats = new float[Math.toIntExact(bytes() / DType.BYTES)];
            read((first, part) -> part.asFloatBuffer().get(floats, first, part.remaining() / DType.BYTES));
            return floats;
        }

        /** Copies it to a buffer of its type and shape. */
        default void write(Buffer buffer) throws IOException {
            read((first, part) -> put(part, buffer, first));
        }
    }

    /**
     * SHA-256 of each tensor, its type and shape included, and the value of each counter: {@code tensor model/a},
     * {@code counter pretrain/steps}.
     */
    public Map<String, String> hashes() throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        for (Map.Entry<String, Entry> tensor : tensors.entrySet()) {
            MessageDigest digest = Hash.digest();
            String type = tensor.getValue().dtype()
                    + Arrays.toString(tensor.getValue().shape());
            digest.update(type.getBytes(StandardCharsets.UTF_8));
            tensor.getValue().read((_, part) -> digest.update(part));
            hashes.put("tensor " + tensor.getKey(), Hash.text(digest.digest()));
        }
        counters.forEach((name, value) -> hashes.put("counter " + name, value.toString()));
        return hashes;
    }

    /** A tensor on its device. */
    record Live(Buffer buffer) implements Entry {
        @Override
        public DType dtype() {
            return buffer.dtype();
        }

        @Override
        public int[] shape() {
            return buffer.shape().extents();
        }

        @Override
        public void read(Sink sink) throws IOException {
            parts(bytes(), sink, (first, part) -> get(buffer, first, part));
        }

        /** On the device. */
        @Override
        public void write(Buffer copy) {
            copy.copyFrom(buffer);
        }
    }

    /**
     * A tensor in a file.
     *
     * @param at where its first byte lies
     */
    record Stored(Path file, long at, DType dtype, int[] shape) implements Entry {
        @Override
        public void read(Sink sink) throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                parts(bytes(), sink, (first, part) -> {
                    long position = Math.addExact(at, (long) first * DType.BYTES);
                    while (part.hasRemaining()) {
                        int count = channel.read(part, position);
                        if (count < 0) {
                            throw new EOFException(file + " ends early");
                        }
                        position += count;
                    }
                });
            }
        }
    }

    /**
     * An {@code f32} tensor that is made when it is read.
     *
     * @param elements as many as the shape has
     */
    public record Made(int[] shape, Supplier<float[]> elements) implements Entry {
        @Override
        public DType dtype() {
            return DType.F32;
        }

        @Override
        public void read(Sink sink) throws IOException {
            float[] values = elements.get();
            parts(
                    bytes(),
                    sink,
                    (first, part) -> part.asFloatBuffer().put(values, first, part.remaining() / DType.BYTES));
        }
    }

    private static void parts(long bytes, Sink sink, Sink source) throws IOException {
        ByteBuffer part = ByteBuffer.allocate((int) Math.min((long) PART * DType.BYTES, bytes))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long done = 0; done < bytes; done += part.limit()) {
            part.clear().limit((int) Math.min(part.capacity(), bytes - done));
            int first = Math.toIntExact(done / DType.BYTES);
            source.take(first, part);
            part.rewind();
            sink.take(first, part);
        }
    }

    private static void get(Buffer buffer, int first, ByteBuffer part) {
        int count = part.remaining() / DType.BYTES;
        if (buffer.dtype() == DType.F32) {
            float[] values = new float[count];
            buffer.read(first, values);
            part.asFloatBuffer().put(values);
        } else {
            int[] values = new int[count];
            buffer.read(first, values);
            part.asIntBuffer().put(values);
        }
    }

    private static void put(ByteBuffer part, Buffer buffer, int first) {
        int count = part.remaining() / DType.BYTES;
        if (buffer.dtype() == DType.F32) {
            float[] values = new float[count];
            part.asFloatBuffer().get(values);
            buffer.write(first, values);
        } else {
            int[] values = new int[count];
            part.asIntBuffer().get(values);
            buffer.write(first, values);
        }
    }
}
