package org.kolotoc.data.mixture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.api.file.Utf8;
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
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw InputError.of(file + " can't be read: " + e.getMessage(), "check the path and its permissions", e);
        }
        Pattern.compile(Pattern.quote(settings.separator()))
                .splitAsStream(Utf8.text(bytes, stray -> stray.in(file.toString())))
                .filter(part -> !part.isBlank())
                .forEach(out);
    }
}
