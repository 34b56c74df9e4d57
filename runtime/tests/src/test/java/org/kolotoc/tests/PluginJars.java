package org.kolotoc.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes plugin jars for tests. */
final class PluginJars {
    private PluginJars() {}

    /** A jar of a manifest alone; a bundle if it has a symbolic name. */
    static Path empty(Path target, Map<String, String> headers) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        if (headers.containsKey("Bundle-SymbolicName")) {
            manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        }
        headers.forEach(manifest.getMainAttributes()::putValue);
        try (var out = Files.newOutputStream(target);
                var _ = new JarOutputStream(out, manifest)) {
            return target;
        }
    }

    /** The same bundle with other manifest headers. */
    static Path copy(Path source, Path target, Map<String, String> headers) throws IOException {
        try (JarFile jar = new JarFile(source.toFile())) {
            Manifest manifest = new Manifest(jar.getManifest());
            headers.forEach((name, value) -> manifest.getMainAttributes().put(new Attributes.Name(name), value));
            try (var out = Files.newOutputStream(target);
                    JarOutputStream copy = new JarOutputStream(out, manifest)) {
                for (JarEntry entry : jar.stream().toList()) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        copy.putNextEntry(new JarEntry(entry.getName()));
                        jar.getInputStream(entry).transferTo(copy);
                        copy.closeEntry();
                    }
                }
            }
        }
        return target;
    }
}
