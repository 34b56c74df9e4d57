package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The same seed gives the same bits in every process: nothing of ours copies a map or a set into one whose order each process
 * draws anew. Copies keep the order, as {@code Collections.unmodifiableMap(new LinkedHashMap<>(map))} does, or sort.
 */
class KeptOrderTest {
    private static final Set<String> DRAWN = Set.of(
            "java/util/Map.copyOf",
            "java/util/Set.copyOf",
            "java/util/stream/Collectors.toUnmodifiableMap",
            "java/util/stream/Collectors.toUnmodifiableSet");

    /** What a class calls, or hands on, of these. */
    private static Set<String> drawn(InputStream content) throws IOException {
        ClassModel type = ClassFile.of().parse(content.readAllBytes());
        return StreamSupport.stream(type.constantPool().spliterator(), false)
                .filter(MemberRefEntry.class::isInstance)
                .map(MemberRefEntry.class::cast)
                .map(member ->
                        member.owner().asInternalName() + "." + member.name().stringValue())
                .filter(DRAWN::contains)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void noCopyDrawsAnOrder() throws IOException {
        List<Path> jars = Stream.of("lib", "launcher", "repo")
                .flatMap(folder -> Assembled.jars(folder).stream())
                .filter(jar -> jar.getFileName().toString().startsWith("org.kolotoc."))
                .toList();
        List<String> found = new ArrayList<>();
        int classes = 0;
        for (Path path : jars) {
            try (JarFile jar = new JarFile(path.toFile())) {
                for (JarEntry entry : jar.stream().toList()) {
                    if (entry.getName().matches("org/kolotoc/.*\\.class")) {
                        classes++;
                        drawn(jar.getInputStream(entry)).forEach(method -> found.add(entry.getName() + ": " + method));
                    }
                }
            }
        }
        int read = classes;
        assertTrue(read > 1500, () -> "too few classes were read: " + read);
        assertEquals(
                List.of(), found, "keep the order: Collections.unmodifiableMap(new LinkedHashMap<>(map)), or sort");
    }

    /** Control: a class that does all of it, called and handed on. */
    static final class Drawing {
        private Drawing() {}

        static Object all(Map<String, String> map, Stream<Collection<String>> sets) {
            Set<?> keys = map.keySet().stream().collect(Collectors.toUnmodifiableSet());
            Map<?, ?> same = map.keySet().stream().collect(Collectors.toUnmodifiableMap(key -> key, map::get));
            return List.of(Map.copyOf(map), keys, same, sets.map(Set::copyOf).toList());
        }
    }

    @Test
    void aCopyThatDoesIsFound() throws IOException {
        try (InputStream content = KeptOrderTest.class.getResourceAsStream("KeptOrderTest$Drawing.class")) {
            assertEquals(DRAWN, drawn(content));
        }
    }
}
