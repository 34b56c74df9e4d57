package org.kolotoc.engine.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.state.Hash;

/** Archives of others: what is unpacked lies in one folder, and there is an end to it. */
final class ArchiveTest {
    /** Places in the central directory of a zip file, and what stands there of a link that Unix made. */
    private static final int MADE_BY = 5;

    private static final int ATTRIBUTES = 38;
    private static final byte UNIX = 3;
    private static final int LINK_MODE = 0xA1;

    @TempDir
    Path folder;

    private Path zip(List<String> names) throws IOException {
        Path file = folder.resolve("a.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                if (!name.endsWith("/")) {
                    zip.write(name.getBytes());
                }
                zip.closeEntry();
            }
        }
        return file;
    }

    @Test
    void filesLieWhereTheArchiveSays() throws IOException {
        Archive.unpack(zip(List.of("a.json", "lib/", "lib/b.jar")), folder.resolve("in"));
        assertEquals("a.json", Files.readString(folder.resolve("in/a.json")));
        assertEquals("lib/b.jar", Files.readString(folder.resolve("in/lib/b.jar")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out.json", "lib/../../out.json", "/out.json", "..\\out.json", "lib/..\\..\\out.json"})
    void whatLeadsOutIsRefused(String name) throws IOException {
        Path zip = zip(List.of(name));
        String message = assertThrows(InputError.class, () -> Archive.unpack(zip, folder.resolve("in")))
                .getMessage();
        assertTrue(message.contains("leads out of its folder"), message);
        assertFalse(Files.exists(folder.resolve("out.json")) || Files.exists(Path.of("/out.json")));
    }

    @Test
    void thereAreOnlySoManyEntries() throws IOException {
        Path many =
                zip(IntStream.rangeClosed(0, 2_000).mapToObj(i -> i + "/../").toList());
        String message = assertThrows(InputError.class, () -> Archive.unpack(many, folder.resolve("in")))
                .getMessage();
        assertTrue(message.contains("has more than 2000 entries"), message);
    }

    /** What grows when it is unpacked is counted as it comes out, whatever the archive says of its size. */
    @Test
    void thereIsAnEndToWhatComesOut() throws IOException {
        Path bomb = folder.resolve("bomb.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
            for (String name : List.of("a", "b")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(new byte[1 << 20]);
                zip.closeEntry();
            }
        }
        assertTrue(Files.size(bomb) < 1 << 13);
        Archive.unpack(bomb, folder.resolve("whole"), 1 << 21);
        String message = assertThrows(InputError.class, () -> Archive.unpack(bomb, folder.resolve("in"), (1 << 21) - 1))
                .getMessage();
        assertTrue(message.contains("it is larger than"), message);
    }

    /** An entry that Unix would make a link is a file with the link's text in it, and no way out. */
    @Test
    void aLinkInAnArchiveLeadsNowhere() throws IOException {
        Path out = Files.createDirectories(folder.resolve("out"));
        Path zip = folder.resolve("link.zip");
        try (ZipOutputStream links = new ZipOutputStream(Files.newOutputStream(zip))) {
            links.putNextEntry(new ZipEntry("link"));
            links.write(out.toString().getBytes());
            links.closeEntry();
        }
        byte[] bytes = Files.readAllBytes(zip);
        int central = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        bytes[central + MADE_BY] = UNIX;
        bytes[central + ATTRIBUTES + 3] = (byte) LINK_MODE;
        Files.write(zip, bytes);
        Archive.unpack(zip, folder.resolve("in"));
        assertTrue(Files.isRegularFile(folder.resolve("in/link"), LinkOption.NOFOLLOW_LINKS));
        assertEquals(out.toString(), Files.readString(folder.resolve("in/link")));
        Path below = zip(List.of("link", "link/evil.json"));
        assertThrows(InputError.class, () -> Archive.unpack(below, folder.resolve("again")));
        assertFalse(Files.exists(out.resolve("evil.json")));
    }

    @Test
    void aFileHasAnEnd() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Hash.Running hash = new Hash.Running();
        assertEquals(4, Fetch.bounded(new ByteArrayInputStream(new byte[4]), out, 4, hash));
        assertEquals(Hash.of(new byte[4]), hash.soFar());
        assertThrows(
                IOException.class,
                () -> Fetch.bounded(new ByteArrayInputStream(new byte[5]), out, 4, new Hash.Running()));
        assertEquals(4, out.size(), "nothing of what is too large");
    }

    @Test
    void whatIsNoArchiveIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text.zip"), "no archive");
        String message = assertThrows(InputError.class, () -> Archive.unpack(text, folder.resolve("in")))
                .getMessage();
        assertTrue(message.contains("is no zip archive"), message);
    }
}
