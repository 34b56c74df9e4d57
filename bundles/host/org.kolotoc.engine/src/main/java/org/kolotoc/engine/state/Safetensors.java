package org.kolotoc.engine.state;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.kolotoc.engine.json.Fields;
import org.kolotoc.tensor.DType;

/**
 * The safetensors format: 8 bytes with the length of a JSON header, the header (type, shape and place of each tensor),
 * then all elements. Read and written strictly: a header is JSON with every name once, tensors follow each other from the
 * first byte to the last without gaps, and each takes what its shape says.
 */
final class Safetensors {
    private static final String METADATA = "__metadata__";
    private static final String TYPE = "dtype";
    private static final String SHAPE = "shape";
    private static final String OFFSETS = "data_offsets";

    /** Before the name of a tensor of truth values in the metadata: our buffers hold them as 32-bit integers. */
    private static final String TRUTH = "bool:";

    private static final int MOST_HEADER = 100_000_000;

    private Safetensors() {}

    /** Hash of what {@link #write} writes. */
    static String hash(Map<String, Snapshot.Entry> tensors) throws IOException {
        MessageDigest digest = Hash.digest();
        write(tensors, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return Hash.text(digest.digest());
    }

    static void write(Map<String, Snapshot.Entry> tensors, OutputStream out) throws IOException {
        write(tensors, Map.of(), out);
    }

    /** @param more metadata of the file */
    static void write(Map<String, Snapshot.Entry> tensors, Map<String, String> more, OutputStream out)
            throws IOException {
        byte[] header = header(tensors, more).toString().getBytes(StandardCharsets.UTF_8);
        // Padded with spaces so that the elements begin at a multiple of 8.
        int padded = Math.addExact(header.length, -header.length & 7);
        if (padded > MOST_HEADER) {
            throw new IOException("a header of " + padded + " bytes describes " + tensors.size()
                    + " tensors; the format allows " + MOST_HEADER);
        }
        int length = header.length;
        header = Arrays.copyOf(header, padded);
        Arrays.fill(header, length, padded, (byte) ' ');
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .array());
        out.write(header);
        for (Snapshot.Entry tensor : tensors.values()) {
            tensor.read((_, part) -> out.write(part.array(), 0, part.limit()));
        }
    }

    private static JsonObject header(Map<String, Snapshot.Entry> tensors, Map<String, String> more) {
        JsonObject header = new JsonObject();
        JsonObject metadata = new JsonObject();
        more.forEach(metadata::addProperty);
        long at = 0;
        for (Map.Entry<String, Snapshot.Entry> tensor : tensors.entrySet()) {
            JsonObject entry = new JsonObject();
            entry.addProperty(TYPE, tensor.getValue().dtype() == DType.F32 ? "F32" : "I32");
            if (tensor.getValue().dtype() == DType.BOOL) {
                metadata.addProperty(TRUTH + tensor.getKey(), "true");
            }
            JsonArray shape = new JsonArray();
            Arrays.stream(tensor.getValue().shape()).forEach(shape::add);
            entry.add(SHAPE, shape);
            JsonArray offsets = new JsonArray();
            offsets.add(at);
            at = Math.addExact(at, tensor.getValue().bytes());
            offsets.add(at);
            entry.add(OFFSETS, offsets);
            header.add(tensor.getKey(), entry);
        }
        if (!metadata.isEmpty()) {
            header.add(METADATA, metadata);
        }
        return header;
    }

    /**
     * Reads a file's header; the tensors are read when they are asked for.
     *
     * @return tensors by name, in the order of their names
     * @throws IOException saying what is wrong with it
     */
    static Map<String, Snapshot.Entry> read(Path file) throws IOException {
        long size = Files.size(file);
        if (size < Long.BYTES) {
            throw new IOException("has " + size + " bytes; the length of the header alone takes " + Long.BYTES);
        }
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))) {
            long length = Long.reverseBytes(in.readLong());
            if (length < 2 || length > MOST_HEADER || length > size - Long.BYTES) {
                throw new IOException("says its header has " + Long.toUnsignedString(length) + " bytes, but "
                        + (size - Long.BYTES) + " follow and a header has 2 to " + MOST_HEADER);
            }
            byte[] header = in.readNBytes((int) length);
            if (header.length == 0 || header[0] != '{') {
                throw new IOException("has a header that does not begin with {");
            }
            return tensors(Fields.of(header), file, Long.BYTES + length, size - Long.BYTES - length);
        } catch (JsonParseException e) {
            throw new IOException("has a header that is not as it must be: " + e.getMessage(), e);
        }
    }

    private static Map<String, Snapshot.Entry> tensors(Fields header, Path file, long data, long most)
            throws IOException {
        Map<String, Snapshot.Stored> tensors = new TreeMap<>();
        for (String name : header.names()) {
            if (!name.equals(METADATA)) {
                tensors.put(name, tensor(name, header.object(name), file, data, most));
            }
        }
        requireNoGaps(tensors, data, most);
        if (header.has(METADATA)) {
            markTruth(header.object(METADATA), tensors);
        }
        return new TreeMap<>(tensors);
    }

    private static Snapshot.Stored tensor(String name, Fields entry, Path file, long data, long most)
            throws IOException {
        String type = entry.text(TYPE);
        if (!type.equals("F32") && !type.equals("I32")) {
            throw new IOException("holds '" + name + "' of type " + type + "; expected F32 or I32");
        }
        if (!entry.names().equals(Set.of(TYPE, SHAPE, OFFSETS))) {
            throw new IOException("describes '" + name + "' with " + entry.names() + "; expected " + TYPE + ", " + SHAPE
                    + " and " + OFFSETS);
        }
        List<Long> shape = entry.counts(SHAPE);
        List<Long> offsets = entry.counts(OFFSETS);
        long elements = 1;
        for (long extent : shape) {
            // Both are below 2^31 here, so that their product is within a long.
            elements = extent > Integer.MAX_VALUE ? extent : elements * extent;
            if (elements > Integer.MAX_VALUE) {
                throw new IOException("holds '" + name + "' of shape " + shape + ", more than 2^31-1 elements");
            }
        }
        long size = elements * DType.BYTES;
        if (offsets.size() != 2 || offsets.get(1) > most || offsets.get(1) - offsets.get(0) != size) {
            throw new IOException("places '" + name + "', which has " + size + " bytes, at " + offsets + " of " + most);
        }
        return new Snapshot.Stored(
                file,
                data + offsets.get(0),
                type.equals("F32") ? DType.F32 : DType.I32,
                shape.stream().mapToInt(Math::toIntExact).toArray());
    }

    /** What nobody reads would be a place to hide things in; what two read is changed by neither alone. */
    private static void requireNoGaps(Map<String, Snapshot.Stored> tensors, long data, long most) throws IOException {
        List<Map.Entry<String, Snapshot.Stored>> inOrder = new ArrayList<>(tensors.entrySet());
        inOrder.sort(Comparator.comparingLong((Map.Entry<String, Snapshot.Stored> tensor) ->
                        tensor.getValue().at())
                .thenComparingLong(tensor -> tensor.getValue().bytes()));
        long end = 0;
        for (Map.Entry<String, Snapshot.Stored> tensor : inOrder) {
            long begin = tensor.getValue().at() - data;
            if (begin != end) {
                throw new IOException(
                        "places '" + tensor.getKey() + "' at " + begin + ", but what is before it ends at " + end + ": "
                                + (begin < end ? "they overlap" : "nothing describes what is between"));
            }
            end = begin + tensor.getValue().bytes();
        }
        if (end != most) {
            throw new IOException("has " + (most - end) + " bytes behind its last tensor");
        }
    }

    private static void markTruth(Fields metadata, Map<String, Snapshot.Stored> tensors) throws IOException {
        for (String key : metadata.names()) {
            String value = metadata.text(key);
            if (!key.startsWith(TRUTH)) {
                continue;
            }
            String name = key.substring(TRUTH.length());
            Snapshot.Stored tensor = tensors.get(name);
            if (tensor == null || tensor.dtype() != DType.I32 || !value.equals("true")) {
                throw new IOException("says that '" + name + "' holds truth values, but has no such tensor of I32");
            }
            tensors.put(name, new Snapshot.Stored(tensor.file(), tensor.at(), DType.BOOL, tensor.shape()));
        }
    }
}
