package org.kolotoc.eval.arena.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.kolotoc.api.InputError;
import org.kolotoc.api.file.Utf8;

/**
 * The records of a file.
 *
 * @param fields names that the first line gives, where it does; else those of all records
 */
record Records(Path file, List<String> fields, List<Entry> entries) {
    private static final String GZIP = ".gz";
    private static final char MARK = '\uFEFF';

    /**
     * Reads CSV (RFC 4180, names in the first line) or JSON lines, UTF-8, by the end of the file's name; with {@code .gz} after it
     * compressed.
     *
     * @throws InputError when there is no such file, or it is not as it must be, with line and column
     */
    static Records read(String name, String what) throws IOException {
        Path file = path(name, what);
        String kind = file.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean compressed = kind.endsWith(GZIP);
        String plain = compressed ? kind.substring(0, kind.length() - GZIP.length()) : kind;
        if (plain.endsWith(".csv")) {
            return Csv.read(file, text(file, compressed));
        }
        if (plain.endsWith(".jsonl")) {
            return JsonLines.read(file, text(file, compressed));
        }
        throw InputError.of(
                "'" + file + "' ends as no file of " + what
                        + " does; expected .csv or .jsonl, or one of these with .gz",
                "name it so");
    }

    private static Path path(String name, String what) {
        Path file;
        try {
            file = Path.of(name);
        } catch (InvalidPathException e) {
            throw InputError.of("'" + name + "' is no path: " + e.getReason(), "give another", e);
        }
        if (!Files.isRegularFile(file) || file.getFileName() == null) {
            throw InputError.of(
                    "'" + name + "' is no file; expected " + what + " as CSV or JSON lines",
                    "./kolotoc arena --help shows what it takes");
        }
        return file;
    }

    private static String text(Path file, boolean compressed) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = compressed ? new GZIPInputStream(in).readAllBytes() : in.readAllBytes();
        } catch (ZipException | java.io.EOFException e) {
            throw InputError.of(
                    "'" + file + "' can't be decompressed: " + e.getMessage() + "; expected gzip",
                    "take .gz from its name if it is none, else get it again",
                    e);
        }
        String text = Utf8.text(
                bytes,
                stray -> new Place(file, Math.toIntExact(stray.line()), Math.toIntExact(stray.column()))
                        .fault("the bytes there are no UTF-8: " + stray.hex()));
        return !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
    }

    /** The first of some names that is a field. */
    Optional<String> first(List<String> names) {
        return names.stream().filter(fields::contains).findFirst();
    }
}
