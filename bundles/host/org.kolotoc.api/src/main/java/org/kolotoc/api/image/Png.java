package org.kolotoc.api.image;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Portable network graphics (ISO/IEC 15948) of 8 bits a channel, grey or in colours, line by line: what pictures of models
 * need of it, without a desktop.
 *
 * @param bytes {@code [height, width, channels]}
 */
record Png(byte[] bytes, int height, int width, int channels) {
    private static final int MOST = 1 << 28;

    byte[] encoded() {
        int line = width * channels;
        byte[] lines = new byte[height * (line + 1)];
        for (int y = 0; y < height; y++) {
            System.arraycopy(bytes, y * line, lines, y * (line + 1) + 1, line);
        }
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) 8).put((byte) (channels == 1 ? 0 : 2));
        return Chunk.written(List.of(
                new Chunk("IHDR", header.array()), new Chunk("IDAT", deflated(lines)), new Chunk("IEND", new byte[0])));
    }

    private static byte[] deflated(byte[] lines) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(lines);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] part = new byte[8192];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    /** @throws IllegalArgumentException when it is none of these, or broken */
    static Png decoded(byte[] file) {
        try {
            return read(file);
        } catch (BufferUnderflowException | IndexOutOfBoundsException | DataFormatException e) {
            throw new IllegalArgumentException(
                    "a PNG of " + file.length + " bytes that ends too early, or is broken", e);
        }
    }

    private static Png read(byte[] file) throws DataFormatException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        Png empty = null;
        for (Chunk chunk : Chunk.read(file)) {
            switch (chunk.type()) {
                case "IHDR" -> empty = header(ByteBuffer.wrap(chunk.content()));
                case "IDAT" -> data.writeBytes(chunk.content());
                default -> {
                    // What else a file tells is no pixel.
                }
            }
        }
        if (empty == null) {
            throw new IllegalArgumentException("a PNG without a header");
        }
        empty.inflate(data.toByteArray());
        return empty;
    }

    private static Png header(ByteBuffer content) {
        int width = content.getInt();
        int height = content.getInt();
        int depth = content.get();
        int colours = content.get();
        content.getShort();
        if (depth != 8 || colours != 0 && colours != 2 || content.get() != 0) {
            throw new IllegalArgumentException(
                    "a PNG of another kind; expected 8 bits a channel, grey or red, green and"
                            + " blue, not interlaced");
        }
        int channels = colours == 0 ? 1 : 3;
        if (width < 1 || height < 1 || (long) width * height * channels > MOST) {
            throw new IllegalArgumentException(
                    "a PNG of " + height + " x " + width + " pixels; expected fewer than " + MOST + " numbers");
        }
        return new Png(new byte[width * height * channels], height, width, channels);
    }

    private void inflate(byte[] data) throws DataFormatException {
        int line = width * channels;
        byte[] coded = new byte[line + 1];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(data);
            for (int y = 0; y < height; y++) {
                for (int got = 0; got < coded.length; ) {
                    int more = inflater.inflate(coded, got, coded.length - got);
                    if (more == 0) {
                        throw new DataFormatException("it ends too early");
                    }
                    got += more;
                }
                for (int x = 0; x < line; x++) {
                    bytes[y * line + x] = (byte) (coded[x + 1] + predicted(coded[0], y, x));
                }
            }
        } finally {
            inflater.end();
        }
    }

    /** What a line's filter tells of a byte by those to its left and above it. */
    private int predicted(int filter, int y, int x) {
        int left = at(y, x - channels);
        int above = at(y - 1, x);
        int corner = at(y - 1, x - channels);
        return switch (filter) {
            case 0 -> 0;
            case 1 -> left;
            case 2 -> above;
            case 3 -> (left + above) / 2;
            case 4 -> nearest(left, above, corner);
            default -> throw new IllegalArgumentException("a PNG with the unknown filter " + filter);
        };
    }

    /** Of the three the one nearest to {@code left + above - corner} (Paeth 1991). */
    private static int nearest(int left, int above, int corner) {
        int byLeft = Math.abs(above - corner);
        int byAbove = Math.abs(left - corner);
        int byCorner = Math.abs(left + above - 2 * corner);
        return byLeft <= byAbove && byLeft <= byCorner ? left : byAbove <= byCorner ? above : corner;
    }

    private int at(int y, int x) {
        return y < 0 || x < 0 ? 0 : bytes[y * width * channels + x] & 0xff;
    }
}
