package org.kolotoc.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of text files. */
@Component
@Seat(kind = Seat.DATA, id = "text", summary = "a text file, or the known text tinyshakespeare")
public final class TextSource implements DataSource<TextSettings> {
    /** A public text that needs no path. */
    private record Known(String path, String sha256, String address) {}

    private static final Map<String, Known> KNOWN = Map.of(
            "tinyshakespeare",
            new Known(
                    "text/tinyshakespeare.txt",
                    "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
                    "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt"));

    @Override
    public Class<TextSettings> settings() {
        return TextSettings.class;
    }

    @Override
    public Dataset open(TextSettings settings, DataContext context) {
        return new TextData(read(find(settings.path(), context)), settings.train(), context);
    }

    private static Path find(String path, DataContext context) {
        Known known = KNOWN.get(path);
        if (known != null) {
            return context.file(known.path(), known.sha256(), Optional.of(known.address()));
        }
        try {
            Path own = Path.of(path);
            return Files.isRegularFile(own) || own.isAbsolute() ? own : context.file(path, "", Optional.empty());
        } catch (InvalidPathException e) {
            throw InputError.field("path", "'" + path + "' is no path: " + e.getReason());
        }
    }

    private static String read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw InputError.of("the text " + file + " can't be read: " + e, "check the path and its permissions", e);
        }
        if (bytes.length == 0) {
            throw InputError.of("the text " + file + " is empty", "choose a file with text");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
        } catch (CharacterCodingException e) {
            throw InputError.of(
                    "the text " + file + " is not UTF-8: byte " + buffer.position() + " is "
                            + String.format("0x%02X", bytes[Math.min(buffer.position(), bytes.length - 1)]),
                    "convert it, for example with: iconv -f <its encoding> -t utf-8",
                    e);
        }
    }
}
