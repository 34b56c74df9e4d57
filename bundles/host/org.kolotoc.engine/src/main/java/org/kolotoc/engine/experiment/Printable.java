package org.kolotoc.engine.experiment;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/**
 * Text that came from a file, a plugin or a command line, as it may stand in a message: no character of it moves the
 * cursor, changes colours or turns the reading direction of what follows, and it ends.
 */
public final class Printable {
    private Printable() {}

    /** On one line, of at most so many characters; says how many there were. */
    public static String cut(String text, int most) {
        StringBuilder shown = new StringBuilder();
        int at = 0;
        while (at < text.length() && shown.length() < most) {
            int character = text.codePointAt(at);
            append(character, shown);
            at += Character.charCount(character);
        }
        return at == text.length() ? shown.toString() : shown + "... (" + text.length() + " characters)";
    }

    /** Over as many lines as it has. */
    public static String lines(String text) {
        return but("\n", text);
    }

    /** What a model wrote: over as many lines as it has, with its tabs. */
    public static String written(String text) {
        return but("\n\t", text);
    }

    /** @param kept characters that stay as they are */
    private static String but(String kept, String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(character -> {
            if (kept.indexOf(character) >= 0) {
                shown.appendCodePoint(character);
            } else {
                append(character, shown);
            }
        });
        return shown.toString();
    }

    /** JSON that says the same, with escapes in its texts where one of its characters is none for a terminal. */
    public static String json(String json) {
        StringBuilder shown = new StringBuilder();
        json.codePoints().forEach(character -> {
            if (character == '\n' || isSafe(character)) {
                shown.appendCodePoint(character);
            } else {
                for (char unit : Character.toChars(character)) {
                    shown.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
            }
        });
        return shown.toString();
    }

    /** A word of a command that a person types, such as a path: in quotes where a shell would read it otherwise. */
    public static String word(Object word) {
        String text = word.toString();
        return text.matches("[\\p{L}\\p{M}\\p{N}_./:=,+@%-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** As it may stand in HTML and XML; a control character, which neither allows, becomes U+FFFD. */
    public static String markup(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF]", "\uFFFD")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static void append(int character, StringBuilder shown) {
        switch (character) {
            case '\n' -> shown.append("\\n");
            case '\r' -> shown.append("\\r");
            case '\t' -> shown.append("\\t");
            default -> {
                if (isSafe(character)) {
                    shown.appendCodePoint(character);
                } else {
                    shown.append("\\u{").append(Integer.toHexString(character)).append('}');
                }
            }
        }
    }

    /** Letters of all scripts are; controls, formats, lone surrogates and separators of lines are not. */
    private static boolean isSafe(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** Bytes for a person: {@code 1984 MB}. */
    public static String bytes(long bytes) {
        return String.format(Locale.ROOT, bytes < 10_000_000 ? "%.1f MB" : "%.0f MB", bytes / 1e6);
    }

    /** Why a file can't be read or written, in the system's words: {@code No space left on device}, with the file where it says. */
    public static String reason(Exception failure) {
        if (failure instanceof FileSystemException system && system.getReason() == null) {
            String what = switch (system) {
                case AccessDeniedException _ -> "access is denied";
                case FileAlreadyExistsException _ -> "there is a file already";
                case NoSuchFileException _ -> "there is no such file or folder";
                default -> "the system refuses";
            };
            return system.getFile() + ": " + what;
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
