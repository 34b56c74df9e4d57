package org.kolotoc.tests;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.osgi.annotation.bundle.Export;
import org.osgi.service.component.annotations.Component;

/** Bundles of people who have no more of this project than its repository: a folder of sources each, built by javac and bnd. */
final class OutsideBundle {
    private static final String TEST = "Test.java";

    private OutsideBundle() {}

    /** Where the sources of one lie. */
    static Path sources(String name) {
        return Assembled.PROJECT
                .resolve("runtime/tests/src/test/resources/outside")
                .resolve(name);
    }

    /**
     * Builds one.
     *
     * @param folder for its files
     * @param others jars of bundles that it imports packages of
     */
    static Path build(String name, Path folder, Path... others) throws Exception {
        return build(sources(name), name, folder, others);
    }

    /** Builds one whose sources lie anywhere. */
    static Path build(Path sources, String name, Path folder, Path... others) throws Exception {
        List<File> path = new ArrayList<>(Stream.of(others).map(Path::toFile).toList());
        Assembled.jars("repo").stream()
                .filter(jar -> jar.getFileName().toString().matches("org\\.kolotoc\\.(api|nn|tensor)-.*"))
                .map(Path::toFile)
                .forEach(path::add);
        path.add(home(Component.class));
        path.add(home(Export.class));
        Path classes = Files.createDirectories(folder.resolve(name));
        List<String> line = new ArrayList<>(List.of(
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                path.stream().map(File::toString).collect(Collectors.joining(File.pathSeparator))));
        Assembled.files(sources, ".java").stream()
                .map(Path::toString)
                .filter(file -> !file.endsWith(TEST))
                .forEach(line::add);
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        if (ToolProvider.getSystemJavaCompiler().run(null, null, errors, line.toArray(String[]::new)) != 0) {
            throw new AssertionError(errors.toString());
        }
        Path target = folder.resolve(name + ".jar");
        try (Builder builder = new Builder();
                Jar content = new Jar(name, classes.toFile())) {
            builder.setBundleSymbolicName("outside." + name);
            builder.setBundleVersion("1.0.0");
            builder.setClasspath(path.toArray(File[]::new));
            builder.setJar(content);
            builder.build().write(target.toFile());
            if (!builder.getErrors().isEmpty() || !builder.getWarnings().isEmpty()) {
                throw new AssertionError(builder.getErrors() + " " + builder.getWarnings());
            }
        }
        return target;
    }

    /** Compiles one again, its tests too, and has these pass. */
    static Stream<DynamicTest> suites(String name, Path classes) throws IOException {
        List<Path> files = Assembled.files(sources(name), ".java");
        try (var manager = ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null)) {
            Suites.compile(name, manager.getJavaFileObjectsFromPaths(files), classes);
        }
        return files.stream()
                .map(file -> file.getFileName().toString())
                .filter(file -> file.endsWith(TEST))
                .map(file -> name + "." + file.replace(".java", ""))
                .map(suite -> DynamicTest.dynamicTest(suite, () -> Suites.pass(name, suite, classes)));
    }

    static File home(Class<?> annotation) throws URISyntaxException {
        return new File(
                annotation.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
