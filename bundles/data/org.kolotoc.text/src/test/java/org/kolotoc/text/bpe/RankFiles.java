package org.kolotoc.text.bpe;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;

/** The published rank files, as the jar of another implementation has them, and that implementation. */
final class RankFiles {
    private static final Map<String, Tokenizer> OURS = new ConcurrentHashMap<>();

    private RankFiles() {}

    static String text(String encoding) {
        try (InputStream file = Encodings.class.getResourceAsStream(encoding + ".tiktoken")) {
            return new String(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Tokenizer ours(String encoding) {
        return OURS.computeIfAbsent(encoding, RankFiles::read);
    }

    private static Tokenizer read(String encoding) {
        try {
            Path file = Files.createTempFile(encoding, ".tiktoken");
            try {
                Files.writeString(file, text(encoding));
                return new TiktokenTokenizers()
                        .fit(new TiktokenSettings(encoding, file.toString(), false), Text.of(""));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Encoding theirs(String encoding) {
        return Encodings.newLazyEncodingRegistry().getEncoding(encoding).orElseThrow();
    }
}
