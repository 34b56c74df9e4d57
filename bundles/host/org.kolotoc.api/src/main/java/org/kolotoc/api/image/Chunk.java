package org.kolotoc.api.image;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** A part of a PNG file (ISO/IEC 15948, section 5): its type, as {@code IHDR}, and what it holds. */
record Chunk(String type, byte[] content) {
    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int EMPTY = 12;

    /** @throws IllegalArgumentException when it is no PNG, or a broken one */
    static List<Chunk> read(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        if (in.remaining() < Long.BYTES || in.getLong() != SIGNATURE) {
            throw new IllegalArgumentException("no PNG: it does not begin as one");
        }
        List<Chunk> chunks = new ArrayList<>();
        try {
            while (in.remaining() >= EMPTY) {
                byte[] content = new byte[Math.clamp(in.getInt(), 0, file.length)];
                byte[] type = new byte[4];
                in.get(type).get(content);
                Chunk chunk = new Chunk(new String(type, StandardCharsets.US_ASCII), content);
                if (in.getInt() != chunk.sum()) {
                    throw new IllegalArgumentException("a PNG whose checksums don't hold");
                }
                chunks.add(chunk);
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a PNG of " + file.length + " bytes that ends too early", e);
        }
        return chunks;
    }

    static byte[] written(List<Chunk> chunks) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(file)) {
            out.writeLong(SIGNATURE);
            for (Chunk chunk : chunks) {
                out.writeInt(chunk.content.length);
                out.write(chunk.type.getBytes(StandardCharsets.US_ASCII));
                out.write(chunk.content);
                out.writeInt(chunk.sum());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    private int sum() {
        CRC32 sum = new CRC32();
        sum.update(type.getBytes(StandardCharsets.US_ASCII));
        sum.update(content);
        return (int) sum.getValue();
    }
}
