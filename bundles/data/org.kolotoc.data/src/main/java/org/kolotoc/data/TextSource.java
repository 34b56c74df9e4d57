package org.kolotoc.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.PublicFile;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of text files. */
@Component
@Seat(kind = Seat.DATA, id = "text", summary = "a text file, or the known text tinyshakespeare")
public final class TextSource implements DataSource<TextSettings> {
    /** Public texts that need no path. */
    private static final Map<String, PublicFile> KNOWN = Map.of(
            "tinyshakespeare",
            new PublicFile(
                    "text/tinyshakespeare.txt",
                    1_115_394,
                    "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
                    URI.create(
                            "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt")));

    @Override
    public Class<TextSettings> settings() {
        return TextSettings.class;
    }

    @Override
    public Dataset open(TextSettings settings, DataContext context) {
        Path file = find(settings.path(), context);
        try {
            return new TextData(Source.File.of(file), settings.train(), context);
        } catch (IOException e) {
            throw InputError.of("the text " + file + " can't be read: " + e, "check the path and its permissions", e);
        }
    }

    private static Path find(String path, DataContext context) {
        PublicFile known = KNOWN.get(path);
        try {
            return known == null ? context.file(path) : context.file(known);
        } catch (InvalidPathException e) {
            throw InputError.field("path", "'" + path + "' is no path: " + e.getReason());
        }
    }
}
