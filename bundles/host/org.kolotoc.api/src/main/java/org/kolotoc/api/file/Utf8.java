package org.kolotoc.api.file;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;
import org.kolotoc.api.InputError;

/** Bytes that have to be UTF-8 as text: the first that is none is found by line and column. */
public final class Utf8 {
    private Utf8() {}

    /**
     * A byte that UTF-8 can't have where it is.
     *
     * @param at bytes before it in the file
     * @param line that it is in, from 1 on
     * @param column UTF-16 units before it in its line, and 1
     * @param value 0 to 255
     */
    public record Stray(long at, long line, long column, int value) {
        /** What is wrong with a file in which it is. */
        public InputError in(String file) {
            return InputError.of(
                    file + ", line " + line + ", column " + column + ": is no UTF-8: byte " + at + " is " + hex(),
                    "convert it: iconv -f <its encoding> -t UTF-8 " + file);
        }

        /** {@code 0xE9}. */
        public String hex() {
            return String.format(Locale.ROOT, "0x%02X", value);
        }
    }

    /**
     * All of some bytes.
     *
     * @param wrong says what is wrong with the first byte that is none of a text: {@code stray -> stray.in("votes.csv")}
     * @throws InputError which that gives
     */
    public static String text(byte[] bytes, Function<Stray, InputError> wrong) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        // A byte is a character at most.
        CharBuffer out = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
            throw wrong.apply(stray(in, out.flip(), 0, 1, 1));
        }
        return out.flip().toString();
    }

    /**
     * The byte at which a decoder stopped, in a text that is decoded part by part.
     *
     * @param in stands at the byte
     * @param before what the decoder made of this part, ready to be read
     * @param at bytes before this part
     * @param line in which the part begins, from 1 on
     * @param column at which it begins, from 1 on
     */
    public static Stray stray(ByteBuffer in, CharSequence before, long at, long line, long column) {
        long lines = before.chars().filter(c -> c == '\n').count();
        int begin = before.length();
        while (begin > 0 && before.charAt(begin - 1) != '\n') {
            begin--;
        }
        return new Stray(
                at + in.position(),
                line + lines,
                before.length() - begin + (lines == 0 ? column : 1),
                Byte.toUnsignedInt(in.get(in.position())));
    }
}
