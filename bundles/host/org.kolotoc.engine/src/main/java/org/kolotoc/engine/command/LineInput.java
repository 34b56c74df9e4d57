package org.kolotoc.engine.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.api.file.Utf8;

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
        String text = Utf8.text(line.toByteArray(), LineInput::wrong);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    private static InputError wrong(Utf8.Stray stray) {
        return InputError.of(
                "the line is no UTF-8: column " + stray.column() + " has the byte " + stray.hex(),
                "convert it: iconv -f <its encoding> -t UTF-8");
    }
}
