package org.kolotoc.engine.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** SHA-256 in hexadecimal. */
public final class Hash {
    private Hash() {}

    public static String of(byte[] content) {
        return text(digest().digest(content));
    }

    public static String of(Path file) throws IOException {
        return of(file, _ -> {});
    }

    /** @param read hears after each part how many bytes were read */
    public static String of(Path file, LongConsumer read) throws IOException {
        MessageDigest digest = digest();
        byte[] part = new byte[1 << 18];
        long done = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
                digest.update(part, 0, count);
                done += count;
                read.accept(done);
            }
        }
        return text(digest.digest());
    }

    /** Of what grows. */
    public static final class Running {
        private final MessageDigest digest = digest();

        /** Takes more bytes, the first of an array. */
        public void update(byte[] more, int count) {
            digest.update(more, 0, count);
        }

        /** The hash of all that was taken until now. */
        public String soFar() {
            try {
                return text(((MessageDigest) digest.clone()).digest());
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("every Java's SHA-256 can be copied", e);
            }
        }
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String text(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }
}
