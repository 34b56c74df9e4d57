package org.kolotoc.data.mixture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of documents that are parts of a text file. */
@Component
@Seat(kind = "documents", id = "file", summary = "parts of a text file")
public final class FileDocuments implements DocumentsFamily<FileSettings> {
    @Override
    public Class<FileSettings> settings() {
        return FileSettings.class;
    }

    @Override
    public Documents create(FileSettings settings) {
        if (settings.separator().isEmpty()) {
            throw InputError.field("separator", "is empty; expected what stands between two documents: \"\\n\\n\"");
        }
        return (context, out) -> read(settings, context, out);
    }

    private static void read(FileSettings settings, DataContext context, Consumer<String> out) {
        Path file;
        try {
            file = context.file(settings.path());
        } catch (InvalidPathException e) {
            throw InputError.field("path", "'" + settings.path() + "' is no path: " + e.getReason());
        }
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (IOException e) {
            throw InputError.of(file + " can't be read: " + e.getMessage(), "check the path and its permissions", e);
        }
        Pattern.compile(Pattern.quote(settings.separator()))
                .splitAsStream(text(file, bytes))
                .filter(part -> !part.isBlank())
                .forEach(out);
    }

    private static CharSequence text(Path file, ByteBuffer bytes) {
        // A byte is a character at most.
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        if (StandardCharsets.UTF_8.newDecoder().decode(bytes, text, true).isError()) {
            long line = text.flip().chars().filter(c -> c == '\n').count() + 1;
            throw InputError.of(
                    String.format(
                            Locale.ROOT,
                            "%s is no UTF-8: byte %d, in line %d, is 0x%02X",
                            file,
                            bytes.position(),
                            line,
                            bytes.get(bytes.position())),
                    "convert it: iconv -f <its encoding> -t UTF-8 " + file.getFileName());
        }
        return text.flip();
    }
}
