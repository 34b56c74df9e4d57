package org.kolotoc.develop.contracts;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Jars with the sources and the Javadoc of what plugins see, beside its bundles in the runtime's repository, where editors and
 * build tools look for them. A program of the build, which fails where javadoc finds an error or a warning.
 *
 * @param classPath what the bundles were compiled against, and they themselves
 */
record DocumentationJars(String classPath) {
    /** Of every entry, as of the other jars of the build: same sources, same bytes. */
    private static final LocalDateTime TIME = LocalDateTime.of(2025, 1, 1, 0, 0);

    private static final String SOURCES = "-sources.jar";
    private static final String JAVADOC = "-javadoc.jar";

    /**
     * A bundle.
     *
     * @param title for people
     * @param sources folder with the root of its packages
     * @param jar beside which the others are to lie
     */
    record Bundle(String title, Path sources, Path jar) {
        private Path beside(String end) {
            return jar.resolveSibling(jar.getFileName().toString().replaceFirst("\\.jar$", end));
        }
    }

    /**
     * Makes them.
     *
     * @param line root of the project, the repository, the version of the bundles in it
     */
    public static void main(String[] line) throws IOException {
        Locale.setDefault(Locale.ROOT);
        Path repository = Path.of(line[1]).resolve("org/kolotoc");
        List<Bundle> bundles = new ArrayList<>();
        for (String name : Contracts.PLUGINS_SEE) {
            for (Path sources : new Contracts(Path.of(line[0])).modules(name + "/src/main/java")) {
                Path jar = repository.resolve(name).resolve(line[2]).resolve(name + "-" + line[2] + ".jar");
                bundles.add(new Bundle(name + " " + line[2], sources, jar));
            }
        }
        List<String> faults = new DocumentationJars(System.getProperty("java.class.path")).make(bundles);
        faults.forEach(fault -> System.out.println("  " + fault));
        System.exit(faults.isEmpty() ? 0 : 1);
    }

    /**
     * Makes what is not there or older than the sources: all the Javadoc if the sources of one bundle changed, since what it
     * says of another may be wrong then.
     *
     * @return what javadoc has against the sources, a line each; then no bundle has Javadoc
     */
    List<String> make(List<Bundle> bundles) throws IOException {
        boolean changed = false;
        for (Bundle bundle : bundles) {
            Path made = pack(bundle.sources());
            Path there = bundle.beside(SOURCES);
            changed |=
                    !Files.exists(there) || Files.mismatch(made, there) >= 0 || !Files.exists(bundle.beside(JAVADOC));
            Files.move(made, there, StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> faults = new ArrayList<>();
        if (changed) {
            for (Bundle bundle : bundles) {
                Files.deleteIfExists(bundle.beside(JAVADOC));
            }
            for (Bundle bundle : bundles) {
                faults.addAll(document(bundle));
            }
        }
        return faults;
    }

    private List<String> document(Bundle bundle) throws IOException {
        Path pages = Files.createTempDirectory("javadoc");
        try {
            List<String> line = new ArrayList<>(List.of(
                    "-quiet",
                    "-notimestamp",
                    "--no-fonts",
                    "-locale",
                    "en",
                    "-encoding",
                    "UTF-8",
                    "-docencoding",
                    "UTF-8",
                    "-charset",
                    "UTF-8",
                    "-windowtitle",
                    bundle.title(),
                    "-doctitle",
                    bundle.title(),
                    "-Xdoclint:all,-missing",
                    "-Werror",
                    "-classpath",
                    classPath,
                    "-sourcepath",
                    bundle.sources().toString(),
                    "-d",
                    pages.toString()));
            for (Path place : ApiPage.exported(bundle.sources())) {
                line.add(ApiPage.name(bundle.sources(), place));
            }
            StringWriter said = new StringWriter();
            PrintWriter out = new PrintWriter(said);
            int code = ToolProvider.findFirst("javadoc")
                    .orElseThrow(() -> new IOException("this JDK has no javadoc"))
                    .run(out, out, line.toArray(String[]::new));
            if (code == 0) {
                Files.move(pack(pages), bundle.beside(JAVADOC), StandardCopyOption.REPLACE_EXISTING);
                return List.of();
            }
            return said.toString().lines().toList();
        } finally {
            try (Stream<Path> tree = Files.walk(pages)) {
                tree.sorted((one, other) -> other.compareTo(one))
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    /** A jar of a folder's files, the same for the same files. */
    private static Path pack(Path folder) throws IOException {
        Path jar = Files.createTempFile("documentation", ".jar");
        try (Stream<Path> tree = Files.walk(folder);
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
                JarEntry entry = new JarEntry(folder.relativize(file).toString());
                entry.setTimeLocal(TIME);
                out.putNextEntry(entry);
                Files.copy(file, out);
            }
        }
        return jar;
    }
}
