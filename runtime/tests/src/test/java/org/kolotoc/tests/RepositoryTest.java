package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.reflect.AccessFlag;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What an outside plugin compiles against has sources and Javadoc beside it. */
class RepositoryTest {
    @Test
    void everyPublicTypeOfAnExportedPackageHasItsSourceAndItsPage() throws IOException {
        List<Path> bundles = Assembled.jars("repo");
        assertEquals(4, bundles.size(), bundles::toString);
        for (Path bundle : bundles) {
            Set<String> types = types(bundle);
            assertFalse(types.isEmpty(), bundle::toString);
            for (Map.Entry<String, String> kind :
                    Map.of("sources", ".java", "javadoc", ".html").entrySet()) {
                String name = bundle.getFileName().toString().replaceFirst("\\.jar$", "-" + kind.getKey() + ".jar");
                try (JarFile jar = new JarFile(bundle.resolveSibling(name).toFile())) {
                    Set<String> missing = new TreeSet<>(types);
                    missing.removeIf(type -> jar.getEntry(type + kind.getValue()) != null);
                    assertEquals(Set.of(), missing, () -> "missing in " + name);
                }
            }
        }
    }

    /** Public ones that are in no other type, as paths. */
    private static Set<String> types(Path bundle) throws IOException {
        Set<String> exported = BundleManifest.read(bundle).exports();
        Set<String> found = new TreeSet<>();
        try (JarFile jar = new JarFile(bundle.toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                if (entry.getName().matches("[^$]+/[^$]+\\.class")) {
                    ClassModel type =
                            ClassFile.of().parse(jar.getInputStream(entry).readAllBytes());
                    if (type.flags().has(AccessFlag.PUBLIC)
                            && exported.contains(type.thisClass().asSymbol().packageName())) {
                        found.add(type.thisClass().asInternalName());
                    }
                }
            }
        }
        return found;
    }
}
