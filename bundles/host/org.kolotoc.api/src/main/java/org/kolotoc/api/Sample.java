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

    /** Whether the content is text. */
    public boolean isText() {
        return mediaType.equals("text/plain");
    }

    /** What a file with the content ends with, behind the dot. */
    public String fileEnding() {
        return switch (mediaType) {
            case "text/plain" -> "txt";
            case "image/png", "image/gif", "image/apng", "audio/wav", "application/json", "application/jsonl" ->
                mediaType.substring(mediaType.indexOf('/') + 1);
            case "image/svg+xml" -> "svg";
            case "audio/midi" -> "mid";
            default -> "bin";
        };
    }

    /** The content as text. */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }
}
