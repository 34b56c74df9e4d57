package org.kolotoc.tests;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

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

    /**
     * A bundle of one class, compiled against the assembled runtime.
     *
     * @param folder for its files; its last name is that of the jar
     * @param type qualified name of the class
     * @param headers of the manifest, besides the bundle's name, which is the class's package
     */
    static Path compiled(Path folder, String type, String source, Map<String, String> headers) throws IOException {
        Path file = folder.resolve("src").resolve(type.replace('.', '/') + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        String path = Stream.of("lib", "launcher")
                .flatMap(part -> Assembled.jars(part).stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler()
                .run(null, null, errors, "-proc:none", "-cp", path, "-d", classes.toString(), file.toString());
        if (code != 0) {
            throw new AssertionError(errors.toString());
        }
        Map<String, String> all = new HashMap<>(headers);
        all.put("Bundle-SymbolicName", type.substring(0, type.lastIndexOf('.')));
        Path jar = folder.resolve(folder.getFileName() + ".jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        all.forEach(manifest.getMainAttributes()::putValue);
        try (var out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out, manifest)) {
            for (Path compiled : Assembled.files(classes, ".class")) {
                zip.putNextEntry(new JarEntry(classes.relativize(compiled).toString()));
                Files.copy(compiled, zip);
                zip.closeEntry();
            }
        }
        return jar;
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
