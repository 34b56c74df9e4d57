package org.kolotoc.engine.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.kolotoc.api.InputError;

/** Lines of UTF-8 that are typed or come from a pipe. Nothing behind a line is read before it is asked for. */
public record LineInput(InputStream in) {
    /**
     * The next line without its end; nothing where there is none any more.
     *
     * @throws InputError when the line is not UTF-8; the one behind it can be read
     */
    public Optional<String> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int read = in.read();
        if (read < 0) {
            return Optional.empty();
        }
        while (read >= 0 && read != '\n') {
            line.write(read);
            read = in.read();
        }
        String text = text(ByteBuffer.wrap(line.toByteArray()));
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    private static String text(ByteBuffer line) {
        // A byte is a character at most.
        CharBuffer text = CharBuffer.allocate(line.remaining());
        if (StandardCharsets.UTF_8.newDecoder().decode(line, text, true).isError()) {
            throw InputError.of(
                    String.format(
                            Locale.ROOT,
                            "the line is not UTF-8: its byte %d is 0x%02X",
                            line.position() + 1,
                            line.get(line.position())),
                    "convert it, for example with: iconv -f <its encoding> -t utf-8");
        }
        return text.flip().toString();
    }
}
