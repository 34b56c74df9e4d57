package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Conformance suites of plugins that somebody wrote outside, compiled beside these plugins against the contracts alone.
 *
 * @param what they belong to, for messages
 * @param classes where the compiled classes lie
 */
record Suites(String what, Path classes) {
    /** Compiles sources; a warning is an error. */
    static Suites compile(String what, Iterable<? extends JavaFileObject> sources, Path classes) {
        List<String> path = new ArrayList<>(List.of(System.getProperty("java.class.path")));
        contracts().forEach(jar -> path.add(jar.toString()));
        List<String> options = List.of(
                "-Xlint:all",
                "-Werror",
                "-proc:none",
                "-classpath",
                String.join(File.pathSeparator, path),
                "-d",
                classes.toString());
        StringWriter said = new StringWriter();
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(said, null, null, options, null, sources)
                .call();
        assertTrue(compiled, () -> what + ":\n" + said);
        return new Suites(what, classes);
    }

    private static List<Path> contracts() {
        return Stream.of("lib", "repo")
                .flatMap(part -> Assembled.jars(part).stream())
                .toList();
    }

    /** Runs one, by the name of its class. */
    void pass(String suite) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        try (URLClassLoader loader = loader()) {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectClass(loader.loadClass(suite)))
                                    .build(),
                            listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(what + " has no suite " + suite, e);
        }
        StringWriter failures = new StringWriter();
        listener.getSummary().printFailuresTo(new PrintWriter(failures), 3);
        assertEquals(0, listener.getSummary().getTotalFailureCount(), () -> what + ":\n" + failures);
        assertTrue(listener.getSummary().getTestsSucceededCount() > 3, () -> what + ": " + suite + " has no tests");
    }

    private URLClassLoader loader() throws IOException {
        List<URL> path = new ArrayList<>(List.of(classes.toUri().toURL()));
        for (Path jar : contracts()) {
            path.add(jar.toUri().toURL());
        }
        return new URLClassLoader(path.toArray(URL[]::new), Suites.class.getClassLoader());
    }
}
