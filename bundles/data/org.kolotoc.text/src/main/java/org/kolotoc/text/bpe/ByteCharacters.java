package org.kolotoc.text.bpe;

import java.util.Optional;

/**
 * How files write bytes that are no printable characters: GPT-2's table, in which every byte has a character of its own. A space
 * is {@code Ġ}, a line feed {@code Ċ}.
 */
public final class ByteCharacters {
    private static final int BYTES = 256;
    private static final char[] CHARACTERS = new char[BYTES];
    private static final short[] OF_CHARACTERS = new short[2 * BYTES];

    static {
        int other = BYTES;
        for (int i = 0; i < BYTES; i++) {
            boolean printable = i >= '!' && i <= '~' || i >= 0xA1 && i <= 0xAC || i >= 0xAE;
            CHARACTERS[i] = (char) (printable ? i : other++);
        }
        for (int i = 0; i < BYTES; i++) {
            OF_CHARACTERS[CHARACTERS[i]] = (short) (i + 1);
        }
    }

    private ByteCharacters() {}

    /** Bytes that a text stands for; nothing where it has other characters. */
    public static Optional<byte[]> bytes(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            char character = text.charAt(i);
            int known = character < OF_CHARACTERS.length ? OF_CHARACTERS[character] : 0;
            if (known == 0) {
                return Optional.empty();
            }
            bytes[i] = (byte) (known - 1);
        }
        return Optional.of(bytes);
    }

    /** The text that stands for bytes. */
    public static String text(byte[] bytes) {
        char[] text = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            text[i] = CHARACTERS[bytes[i] & 0xFF];
        }
        return new String(text);
    }
}
