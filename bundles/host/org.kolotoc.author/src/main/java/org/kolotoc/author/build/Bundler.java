package org.kolotoc.author.build;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.Jar;
import aQute.bnd.version.MavenVersion;
import aQute.bnd.version.Version;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.kolotoc.api.InputError;

/**
 * Makes bundles: the JDK's compiler, then bnd, as Maven has them do it. Both stay in memory, so that the second build of a
 * project takes a fraction of the first.
 */
public final class Bundler implements AutoCloseable {
    /** What javac calls an import of nothing. */
    private static final String NO_PACKAGE = "doesnt.exist";

    private final JavaCompiler compiler;
    private final StandardJavaFileManager files;
    private final List<Path> contracts;

    /** @param contracts jars that plugins are compiled against */
    public Bundler(List<Path> contracts) {
        this.compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw InputError.of("this Java has no compiler", "KOLOTOC_JAVA_HOME=<a JDK> ./kolotoc dev ...");
        }
        this.files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
        this.contracts = List.copyOf(contracts);
    }

    /**
     * Builds a project.
     *
     * @param jar the file to be written; it is whole, or as it was
     * @param qualifier of the bundle's version; empty for none
     */
    public Outcome build(PluginProject project, Path jar, String qualifier) throws IOException {
        List<Path> path = new ArrayList<>(contracts);
        path.addAll(jars(project.target().resolve("dependency")));
        Path classes = project.target().resolve("dev/classes");
        empty(classes);
        List<String> said = compile(project, path, classes);
        return said.isEmpty() ? bundle(project, path, classes, jar, qualifier) : new Outcome(null, said);
    }

    private static List<Path> jars(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static void empty(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> tree = Files.walk(folder)) {
                for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(folder);
    }

    /** Compiles all sources; what is wrong, or nothing. */
    private List<String> compile(PluginProject project, List<Path> path, Path classes) throws IOException {
        List<Path> sources = project.javaFiles();
        if (sources.isEmpty()) {
            return List.of("no Java file lies below " + project.sources());
        }
        DiagnosticCollector<JavaFileObject> heard = new DiagnosticCollector<>();
        List<String> options = List.of(
                "-proc:none",
                "-g",
                "--release",
                project.release(),
                "-classpath",
                String.join(
                        File.pathSeparator, path.stream().map(Path::toString).toList()),
                "-d",
                classes.toString());
        boolean compiled;
        try {
            compiled = compiler.getTask(null, files, heard, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
        } catch (IllegalArgumentException e) {
            return List.of("pom.xml: " + e.getMessage());
        }
        if (compiled) {
            return List.of();
        }
        List<Diagnostic<? extends JavaFileObject>> errors = heard.getDiagnostics().stream()
                .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
                .toList();
        return Stream.concat(
                        errors.stream().flatMap(one -> lines(project, one)),
                        errors.stream().anyMatch(one -> one.getCode().endsWith(NO_PACKAGE))
                                ? Stream.of(
                                        "  do: mvn dependency:copy-dependencies, if it is of a dependency of the pom")
                                : Stream.of())
                .toList();
    }

    /** Place and message, then the line with a mark below what is meant. */
    private static Stream<String> lines(PluginProject project, Diagnostic<? extends JavaFileObject> one) {
        String message = one.getMessage(Locale.ROOT);
        if (one.getSource() == null) {
            return message.lines();
        }
        Path file = Path.of(one.getSource().toUri());
        Path folder = project.folder().toAbsolutePath().normalize();
        String place = (file.startsWith(folder) ? folder.relativize(file) : file) + ":" + one.getLineNumber();
        return Stream.concat((place + ": error: " + message).lines(), shown(one));
    }

    private static Stream<String> shown(Diagnostic<? extends JavaFileObject> one) {
        try {
            return one.getSource()
                    .getCharContent(true)
                    .toString()
                    .lines()
                    .skip(Math.max(0, one.getLineNumber() - 1))
                    .findFirst()
                    .map(line -> Stream.of(
                            "    " + line.replace('\t', ' '),
                            "    " + " ".repeat((int) Math.max(0, one.getColumnNumber() - 1)) + "^"))
                    .orElse(Stream.of());
        } catch (IOException _) {
            return Stream.of();
        }
    }

    private static Outcome bundle(PluginProject project, List<Path> path, Path classes, Path jar, String qualifier)
            throws IOException {
        Files.createDirectories(jar.getParent());
        Path part = jar.resolveSibling(jar.getFileName() + ".part");
        try (Builder bnd = new Builder()) {
            Properties instructions = new Properties();
            instructions.load(new StringReader(project.instructions()));
            bnd.setProperties(project.folder().toFile(), instructions);
            setIfAbsent(bnd, Constants.REPRODUCIBLE, "true");
            setIfAbsent(bnd, Constants.BUNDLE_SYMBOLICNAME, project.name());
            setIfAbsent(
                    bnd,
                    Constants.BUNDLE_VERSION,
                    MavenVersion.parseMavenString(project.version()).getOSGiVersion() + "");
            bnd.setProperty(Constants.BUNDLE_VERSION, qualified(bnd.getBundleVersion(), qualifier));
            bnd.setClasspath(path.stream().map(Path::toFile).toArray(File[]::new));
            Jar content = new Jar(project.name(), classes.toFile());
            if (Files.isDirectory(project.resources())) {
                try (Jar resources = new Jar("resources", project.resources().toFile())) {
                    content.addAll(resources);
                }
            }
            bnd.setJar(content);
            Jar built = bnd.build();
            if (!bnd.getErrors().isEmpty()) {
                return new Outcome(
                        null,
                        bnd.getErrors().stream().map(error -> "bnd: " + error).toList());
            }
            built.write(part.toFile());
            Files.move(part, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return new Outcome(
                    jar,
                    bnd.getWarnings().stream().map(warning -> "bnd: " + warning).toList());
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            return new Outcome(null, List.of("bnd: " + e.getMessage()));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void setIfAbsent(Builder bnd, String header, String value) {
        if (bnd.getProperty(header) == null) {
            bnd.setProperty(header, value);
        }
    }

    private static String qualified(String version, String qualifier) {
        if (qualifier.isEmpty()) {
            return version;
        }
        return new Version(version).toStringWithoutQualifier() + "." + qualifier;
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
