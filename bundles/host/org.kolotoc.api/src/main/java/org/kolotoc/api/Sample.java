package org.kolotoc.api;

import java.nio.charset.StandardCharsets;

/**
 * Something a model made.
 *
 * @param mediaType {@code text/plain}, {@code image/png}
 */
public record Sample(String mediaType, byte[] content) {
    public static Sample text(String text) {
        return new Sample("text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    /** The content as text. */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }
}
