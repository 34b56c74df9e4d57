package org.kolotoc.text.json;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.kolotoc.api.InputError;

/**
 * A text that somebody wrote.
 *
 * @param name for messages
 */
public record TextFile(String name, String text) {
    /**
     * Reads a file.
     *
     * @throws InputError when it can't be read, or is no UTF-8
     */
    public static TextFile of(Path file) {
        try {
            return new TextFile(file.toString(), Files.readString(file));
        } catch (CharacterCodingException e) {
            throw InputError.of(file + " is no text in UTF-8", "check that it is the right file", e);
        } catch (IOException e) {
            throw InputError.of(file + " can't be read: " + e, "check the path and its permissions", e);
        }
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
