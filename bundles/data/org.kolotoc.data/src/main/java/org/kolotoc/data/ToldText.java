package org.kolotoc.data;

import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.InputError;

/** A text that somebody tells: in memory, or in a file where that is much. */
final class ToldText {
    /** Characters from which on the text lies in a file. */
    private static final int LARGE = 1 << 24;

    private ToldText() {}

    /** Writes a text of so many characters; says after each part how many are written. */
    @FunctionalInterface
    interface Teller {
        void tell(int characters, Appendable out, LongConsumer reached) throws IOException;
    }

    /**
     * The text.
     *
     * @param of what it is about, for messages: {@code the world}
     */
    static Source of(String of, int characters, Teller teller, DataContext context) {
        try {
            if (characters < LARGE) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream(characters);
                tell(of, characters, teller, bytes, context);
                return new Source.Memory("of " + of, bytes.toByteArray());
            }
            Path file = Files.createTempFile(context.scratch(), "told", ".txt");
            tell(of, characters, teller, Files.newOutputStream(file), context);
            return Source.File.of(file);
        } catch (IOException e) {
            throw InputError.of(
                    "the text of " + of + " does not fit into the folder for temporary files: " + e.getMessage(),
                    "make room there, or set TMPDIR to a folder that has it",
                    e);
        }
    }

    private static void tell(String of, int characters, Teller teller, OutputStream bytes, DataContext context)
            throws IOException {
        try (Writer out = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
            teller.tell(characters, out, done -> context.reached("telling of " + of, done, characters));
        }
    }
}
