package org.kolotoc.develop.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import javax.tools.ToolProvider;

/** Packages made of source texts. */
final class Compiled {
    private Compiled() {}

    /** The {@code package-info.java} of an exported package. */
    static String info(String name, String version) {
        return "/** A room. */ @Export @Version(\"" + version + "\") package " + name
                + "; import org.osgi.annotation.bundle.Export; import org.osgi.annotation.versioning.Version;";
    }

    /** The exported ones. */
    static SortedMap<String, ExportedPackage> exported(Path folder, Map<String, String> sources) throws IOException {
        List<String> line =
                new ArrayList<>(List.of("-cp", System.getProperty("java.class.path"), "-d", folder.toString()));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = folder.resolve("src").resolve(source.getKey());
            Files.createDirectories(file.getParent());
            line.add(Files.writeString(file, source.getValue()).toString());
        }
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, line.toArray(String[]::new)));
        return ExportedPackage.in(List.of(folder));
    }
}
