package org.kolotoc.develop.contracts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * What the project writes down of its contracts, beside the sources.
 *
 * @param root of the repository, built
 */
public record Contracts(Path root) {
    static final String BASELINE = "docs/contracts.txt";
    private static final String PAGE = "docs/api.md";
    private static final String COMMAND = "./kolotoc docs";

    /** What plugins compile and test against, in the order of the page. */
    static final List<String> PLUGINS_SEE =
            List.of("org.kolotoc.api", "org.kolotoc.tensor", "org.kolotoc.nn", "org.kolotoc.tck");

    private static final String HEAD = """
        # The contracts on one page

        What a plugin sees: the exported packages of the bundles api, tensor, nn and tck, with every type and member and
        the first sentence of its documentation; the whole of it is in the Javadoc jars of the runtime's repository.
        How a plugin is written says [plugin.md](plugin.md). This page is written by `./kolotoc docs`.
        """;

    /** What has to be mended by hand: packages that changed while their versions did not. Each says what to do. */
    public List<String> unversioned() throws IOException {
        Path file = root.resolve(BASELINE);
        return Files.exists(file) ? Baseline.parse(Files.readString(file)).faults(exported(), COMMAND) : List.of();
    }

    /** The files that tell of other contracts than those in the sources; {@link #write} mends them. */
    public List<String> stale() throws IOException {
        List<String> stale = new ArrayList<>();
        for (Map.Entry<String, String> entry : content().entrySet()) {
            Path file = root.resolve(entry.getKey());
            if (!Files.exists(file) || !Files.readString(file).equals(entry.getValue())) {
                stale.add(entry.getKey() + " tells of other contracts than those in the sources; do: " + COMMAND);
            }
        }
        return stale;
    }

    /**
     * Writes what is stale, all of it or, as long as something is unversioned, the page alone.
     *
     * @return the files it wrote
     */
    public List<String> write() throws IOException {
        boolean accepted = unversioned().isEmpty();
        List<String> written = new ArrayList<>();
        for (Map.Entry<String, String> entry : content().entrySet()) {
            Path file = root.resolve(entry.getKey());
            boolean same = Files.exists(file) && Files.readString(file).equals(entry.getValue());
            if (!same && (accepted || !entry.getKey().equals(BASELINE))) {
                Files.writeString(file, entry.getValue());
                written.add(entry.getKey());
            }
        }
        return written;
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> content = new LinkedHashMap<>();
        List<Path> sources = new ArrayList<>();
        for (String bundle : PLUGINS_SEE) {
            modules(bundle + "/src/main/java").forEach(sources::add);
        }
        content.put(PAGE, ApiPage.of(HEAD, sources));
        content.put(BASELINE, Baseline.text(exported().values()));
        return content;
    }

    private SortedMap<String, ExportedPackage> exported() throws IOException {
        return ExportedPackage.in(modules("org.kolotoc.*/target/classes"));
    }

    /** Folders of bundles by what stands below their floor's. */
    List<Path> modules(String pattern) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> floors = Files.list(root.resolve("bundles"))) {
            for (Path floor : floors.filter(Files::isDirectory).sorted().toList()) {
                String[] parts = pattern.split("/", 2);
                try (var list = Files.newDirectoryStream(floor, parts[0])) {
                    for (Path bundle : list) {
                        Path folder = bundle.resolve(parts[1]);
                        if (Files.isDirectory(folder)) {
                            found.add(folder);
                        }
                    }
                }
            }
        }
        return found;
    }
}
