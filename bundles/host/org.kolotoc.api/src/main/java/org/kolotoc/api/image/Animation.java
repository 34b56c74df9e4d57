package org.kolotoc.api.image;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.kolotoc.api.Sample;

/**
 * Pictures one after the other, over and over.
 *
 * @param frames PNGs of one size
 * @param milliseconds that each is shown; the last one thrice as long
 */
public record Animation(List<Sample> frames, int milliseconds) {
    private static final String PIXELS = "IDAT";
    private static final int LAST = 3;

    /**
     * Checks the frames.
     *
     * @throws IllegalArgumentException when there are none, or one is no PNG, or of another size or kind than the first
     */
    public Animation {
        frames = List.copyOf(frames);
        if (frames.isEmpty() || milliseconds < 1 || LAST * milliseconds > 0xFFFF) {
            throw new IllegalArgumentException(frames.size() + " pictures of " + milliseconds
                    + " ms; expected at least 1, of 1 to " + 0xFFFF / LAST + " ms");
        }
        byte[] first = header(frames.getFirst());
        for (Sample frame : frames) {
            if (!Arrays.equals(header(frame), first)) {
                throw new IllegalArgumentException("a picture of another size or kind than the first");
            }
        }
    }

    private static byte[] header(Sample png) {
        return Chunk.read(png.content()).getFirst().content();
    }

    /** As an animated PNG (APNG, in PNG's third edition, section 11.3.7), whose first picture other viewers show. */
    public Sample apng() {
        byte[] header = header(frames.getFirst());
        List<Chunk> chunks = new ArrayList<>();
        chunks.add(new Chunk("IHDR", header));
        chunks.add(new Chunk(
                "acTL", ByteBuffer.allocate(8).putInt(frames.size()).putInt(0).array()));
        int sequence = 0;
        for (int i = 0; i < frames.size(); i++) {
            int shown = i + 1 == frames.size() ? LAST * milliseconds : milliseconds;
            // As large as all, at the top left; nothing is left of what was there before.
            chunks.add(new Chunk(
                    "fcTL",
                    ByteBuffer.allocate(26)
                            .putInt(sequence++)
                            .put(header, 0, 8)
                            .putLong(0)
                            .putShort((short) shown)
                            .putShort((short) 1000)
                            .array()));
            for (Chunk chunk : Chunk.read(frames.get(i).content())) {
                if (chunk.type().equals(PIXELS) && i == 0) {
                    chunks.add(chunk);
                } else if (chunk.type().equals(PIXELS)) {
                    byte[] content = chunk.content();
                    chunks.add(new Chunk(
                            "fdAT",
                            ByteBuffer.allocate(4 + content.length)
                                    .putInt(sequence++)
                                    .put(content)
                                    .array()));
                }
            }
        }
        chunks.add(new Chunk("IEND", new byte[0]));
        return new Sample("image/apng", Chunk.written(chunks));
    }
}
