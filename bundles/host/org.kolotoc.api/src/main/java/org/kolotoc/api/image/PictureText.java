package org.kolotoc.api.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Sample;

/**
 * What a PNG says in words beside its pixels: {@code iTXt} chunks (ISO/IEC 15948, section 11.3.4), which viewers show and
 * {@code javax.imageio} reads.
 */
public final class PictureText {
    private static final String TYPE = "iTXt";
    private static final int LONGEST = 79;

    private PictureText() {}

    /**
     * The same picture with further words.
     *
     * @param words by their keywords, each of 1 to 79 Latin letters
     * @throws IllegalArgumentException when it is no PNG, or a keyword is none
     */
    public static Sample with(Sample png, Map<String, String> words) {
        List<Chunk> chunks = new ArrayList<>(Chunk.read(png.content()));
        List<Chunk> texts = words.entrySet().stream()
                .map(word -> text(word.getKey(), word.getValue()))
                .toList();
        // Behind the header, before the pixels.
        chunks.addAll(Math.min(1, chunks.size()), texts);
        return new Sample(png.mediaType(), Chunk.written(chunks));
    }

    private static Chunk text(String keyword, String text) {
        if (keyword.isBlank() || keyword.length() > LONGEST || !keyword.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("'" + keyword + "' is no keyword; expected 1 to 79 Latin letters");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(keyword.getBytes(StandardCharsets.US_ASCII));
        // Its end; not compressed; no language; no translated keyword.
        content.writeBytes(new byte[5]);
        content.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return new Chunk(TYPE, content.toByteArray());
    }

    /**
     * The words that a picture has, by their keywords; those alone that are not compressed.
     *
     * @throws IllegalArgumentException when it is no PNG
     */
    public static Map<String, String> of(Sample png) {
        Map<String, String> words = new LinkedHashMap<>();
        for (Chunk chunk : Chunk.read(png.content())) {
            if (chunk.type().equals(TYPE)) {
                String[] parts = new String(chunk.content(), StandardCharsets.UTF_8).split("\0", -1);
                if (parts.length == 6) {
                    words.put(parts[0], parts[5]);
                }
            }
        }
        return words;
    }
}
