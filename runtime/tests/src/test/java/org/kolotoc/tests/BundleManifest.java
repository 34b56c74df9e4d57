package org.kolotoc.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * What a bundle says of itself.
 *
 * @param name symbolic name without directives
 * @param nameHeader the same with its directives
 * @param imports packages it imports and does not export itself
 * @param exports packages it exports
 * @param host bundle that it is a fragment of, or empty
 * @param detours headers that wire past package imports and exports
 */
record BundleManifest(
        String name, String nameHeader, Set<String> imports, Set<String> exports, String host, Set<String> detours) {

    static BundleManifest read(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return of(file.getManifest());
        } catch (IOException e) {
            throw new UncheckedIOException(jar.toString(), e);
        }
    }

    static BundleManifest of(Manifest manifest) {
        Attributes main = manifest.getMainAttributes();
        String nameHeader = text(main, "Bundle-SymbolicName");
        Set<String> exports = paths(text(main, "Export-Package"));
        Set<String> imports = paths(text(main, "Import-Package"));
        imports.removeAll(exports);
        Set<String> detours = new TreeSet<>();
        for (String header : new String[] {"Require-Bundle", "DynamicImport-Package", "Bundle-ClassPath"}) {
            if (!text(main, header).isEmpty()) {
                detours.add(header + ": " + text(main, header));
            }
        }
        String host = text(main, "Fragment-Host");
        return new BundleManifest(
                first(nameHeader), nameHeader, imports, exports, host.isEmpty() ? "" : first(host), detours);
    }

    private static String text(Attributes main, String header) {
        String value = main.getValue(header);
        return value == null ? "" : value;
    }

    private static String first(String header) {
        return header.split(";")[0].strip();
    }

    /** The paths of a header's clauses: {@code a.b;c.d;version="[1,2)",e.f} gives a.b, c.d and e.f. */
    static Set<String> paths(String header) {
        Set<String> found = new TreeSet<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (char c : (header + ",").toCharArray()) {
            quoted ^= c == '"';
            if (!quoted && (c == ',' || c == ';')) {
                String path = part.toString().strip();
                if (!path.isEmpty() && !path.contains("=")) {
                    found.add(path);
                }
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        return found;
    }
}
