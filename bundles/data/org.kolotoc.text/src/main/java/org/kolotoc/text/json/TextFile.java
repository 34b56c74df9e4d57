package org.kolotoc.text.json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.api.file.Utf8;

/**
 * A text that somebody wrote.
 *
 * @param name for messages
 */
public record TextFile(String name, String text) {
    /**
     * Reads a file.
     *
     * @throws InputError when it can't be read, or is no UTF-8; says where
     */
    public static TextFile of(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw InputError.of(file + " can't be read: " + e, "check the path and its permissions", e);
        }
        return new TextFile(file.toString(), Utf8.text(bytes, stray -> stray.in(file.toString())));
    }

    /** Its lines; an empty end is none. */
    public List<String> lines() {
        return text.lines().toList();
    }

    /** What is wrong in a line, counted from 1. */
    public InputError wrong(int line, String what, String next) {
        return InputError.of(name + ", line " + line + ": " + what, next);
    }
}
