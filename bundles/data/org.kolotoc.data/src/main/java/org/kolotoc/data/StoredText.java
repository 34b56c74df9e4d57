package org.kolotoc.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.file.Utf8;
import org.kolotoc.api.text.Text;

/**
 * A text that stays in its {@link Source}, as UTF-8: what is held of it is where its parts begin. A stretch of it is a text
 * too.
 */
final class StoredText implements Text {
    /** Bytes of a part. */
    private static final int PART = 1 << 18;

    private final Source source;
    /** Where each part begins in the source, and where the last one ends. */
    private final long[] bytes;
    /** The same as positions of the whole text. */
    private final long[] units;

    private final long begin;
    private final long end;

    private StoredText(Source source, long[] bytes, long[] units, long begin, long end) {
        this.source = source;
        this.bytes = bytes;
        this.units = units;
        this.begin = begin;
        this.end = end;
    }

    /**
     * Reads a text once, to see that it is one.
     *
     * @param reached hears after each part how many bytes were read
     * @throws InputError when it is empty, or no UTF-8; says where it is none
     */
    static StoredText of(Source source, LongConsumer reached) {
        if (source.size() == 0) {
            throw InputError.of("the text " + source.name() + " is empty", "choose a file with text");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer out = CharBuffer.allocate(PART);
        LongStream.Builder bytes = LongStream.builder().add(0);
        LongStream.Builder units = LongStream.builder().add(0);
        long at = 0;
        long unit = 0;
        long line = 1;
        long column = 1;
        while (at < source.size()) {
            int count = (int) Math.min(PART, source.size() - at);
            ByteBuffer in = ByteBuffer.wrap(read(source, at, count));
            CoderResult result = decoder.reset().decode(in, out.clear(), at + count == source.size());
            unit += out.position();
            out.flip();
            if (result.isError()) {
                throw Utf8.stray(in, out, at, line, column).in(source.name());
            }
            at += in.position();
            for (int i = 0; i < out.length(); i++) {
                boolean ends = out.charAt(i) == '\n';
                line += ends ? 1 : 0;
                column = ends ? 1 : column + 1;
            }
            bytes.add(at);
            units.add(unit);
            reached.accept(at);
        }
        return new StoredText(source, bytes.build().toArray(), units.build().toArray(), 0, unit);
    }

    /** The stretch between two positions of this text, which both must be {@link #boundary boundaries}. */
    StoredText stretch(long from, long to) {
        return new StoredText(source, bytes, units, begin + from, begin + to);
    }

    /** This position, or the one before it where it lies within a character. */
    long boundary(long at) {
        if (at <= 0 || at >= length()) {
            return at;
        }
        int part = partOf(begin + at);
        boolean within = Character.isLowSurrogate(content(part).charAt((int) (begin + at - units[part])));
        return within ? at - 1 : at;
    }

    /** What is held in memory. */
    long held() {
        long index = (long) Long.BYTES * (bytes.length + units.length);
        return index + (source instanceof Source.Memory ? source.size() : 0);
    }

    @Override
    public long length() {
        return end - begin;
    }

    @Override
    public String excerpt(long from, int length) {
        Objects.checkFromIndexSize(from, length, length());
        StringBuilder excerpt = new StringBuilder(length);
        stretch(boundary(from), boundary(from + length)).forEach(excerpt::append);
        return excerpt.toString();
    }

    @Override
    public Iterator<String> iterator() {
        return new Iterator<>() {
            private long at = begin;

            @Override
            public boolean hasNext() {
                return at < end;
            }

            @Override
            public String next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int part = partOf(at);
                long to = Math.min(end, units[part + 1]);
                String text = content(part).substring((int) (at - units[part]), (int) (to - units[part]));
                at = to;
                return text;
            }
        };
    }

    /** The part that holds a position of the whole text. */
    private int partOf(long unit) {
        int found = Arrays.binarySearch(units, unit);
        return found >= 0 ? found : -found - 2;
    }

    private String content(int part) {
        int count = (int) (bytes[part + 1] - bytes[part]);
        String text = new String(read(source, bytes[part], count), StandardCharsets.UTF_8);
        if (text.length() != units[part + 1] - units[part]) {
            throw changed(source, "its bytes from " + bytes[part] + " on are others", null);
        }
        return text;
    }

    private static byte[] read(Source source, long from, int count) {
        try {
            return source.read(from, count);
        } catch (IOException e) {
            throw changed(source, e.getMessage(), e);
        }
    }

    private static InputError changed(Source source, String how, IOException cause) {
        return InputError.of(
                "the text " + source.name() + " can't be read any more as it was: " + how,
                "let nothing change it while it is used; begin a new run",
                cause);
    }
}
