package org.kolotoc.develop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Where things lie.
 *
 * @param root of the repository
 */
record Project(Path root) {

    /** The assembled runtime. */
    Path home() {
        return logs().resolve("kolotoc");
    }

    /** Logs of builds, and the runtime. */
    Path logs() {
        return root.resolve("runtime/assembly/target");
    }

    /** The benchmarks, as they are built. */
    Path bench() {
        return root.resolve("bench/target");
    }

    /** Folders with modules below, those of the benchmarks and of the examples included. */
    List<Path> parts() {
        return Stream.of("bundles", "runtime", "bench", "examples")
                .map(root::resolve)
                .filter(Files::isDirectory)
                .toList();
    }

    /** The project's version, of its pom. */
    String version() {
        Path pom = root.resolve("pom.xml");
        try (InputStream in = Files.newInputStream(pom)) {
            XMLStreamReader xml = XMLInputFactory.newFactory().createXMLStreamReader(in);
            int depth = 0;
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamReader.START_ELEMENT -> {
                        if (++depth == 2 && xml.getLocalName().equals("version")) {
                            return xml.getElementText();
                        }
                    }
                    case XMLStreamReader.END_ELEMENT -> depth--;
                    default -> {}
                }
            }
            throw new Problem(pom + " has no <version>; expected the project's own pom.xml");
        } catch (XMLStreamException e) {
            throw new Problem(pom + " is no pom: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
