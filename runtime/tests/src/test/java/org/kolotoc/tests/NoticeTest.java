package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the runtime carries of others: named, and with its licences beside it. */
final class NoticeTest {
    private static final Path NOTICE = Assembled.HOME.resolve("NOTICE");

    private static List<Path> jars() {
        return Stream.of("lib", "launcher")
                .flatMap(folder -> Assembled.jars(folder).stream())
                .toList();
    }

    private static boolean isNative(String entry) {
        return entry.matches(".*\\.(so|dylib|dll|jnilib)(\\.\\d+)*");
    }

    @Test
    void everyJarOfOthersIsNamed() throws IOException {
        String notice = Files.readString(NOTICE);
        for (Path jar : jars()) {
            String name = jar.getFileName().toString().replaceFirst("-\\d.*", "");
            assertTrue(
                    name.startsWith("org.kolotoc.")
                            || notice.lines()
                                    .anyMatch(line -> List.of(line.split(", ")).contains(name)),
                    () -> name + " is not in NOTICE");
        }
        assertTrue(Files.readString(Assembled.HOME.resolve("LICENSE")).contains("Apache License"));
    }

    @Test
    void everyNativeLibraryIsNamedAndHasItsLicencesBesideIt() throws IOException {
        String notice = Files.readString(NOTICE);
        List<String> found = new ArrayList<>();
        for (Path jar : jars()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                List<String> entries =
                        file.stream().map(entry -> entry.getName()).toList();
                for (String library :
                        entries.stream().filter(NoticeTest::isNative).toList()) {
                    String name = library.substring(library.lastIndexOf('/') + 1);
                    String bundle = jar.getFileName().toString().replaceFirst("-\\d.*", "");
                    assertTrue(
                            notice.contains("\n" + name + ", in " + bundle + "\n"), () -> name + " is not in NOTICE");
                    assertArrayEquals(
                            Files.readAllBytes(NOTICE),
                            file.getInputStream(file.getEntry("META-INF/NOTICE"))
                                    .readAllBytes());
                    String texts = "META-INF/licenses/" + name.replaceFirst("\\..*", "-");
                    assertTrue(entries.stream().anyMatch(entry -> entry.startsWith(texts)), () -> "no " + texts);
                    found.add(name);
                }
            }
        }
        assertEquals(List.of("libdnnl.so.3", "libgomp.so.1"), found);
    }

    @Test
    void whatIsNativeIsKnown() {
        assertTrue(isNative("a/b/libx.so") && isNative("libx.so.1.2") && isNative("x.dll") && isNative("x.dylib"));
        assertFalse(isNative("a/Some.class") || isNative("a/notes.so.txt"));
    }
}
