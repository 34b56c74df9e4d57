package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Suites that people outside subclass for their plugins: compiled against what the assembled runtime has, and run. */
final class Suites {
    private static final int SHOWN_FRAMES = 3;

    private Suites() {}

    private static List<Path> contracts() {
        return Stream.of("lib", "repo")
                .flatMap(part -> Assembled.jars(part).stream())
                .toList();
    }

    /** Compiles plugins and their tests, warnings refused, into an empty folder. */
    static void compile(String what, Iterable<? extends JavaFileObject> sources, Path classes) {
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
    }

    /** Runs one and expects it to pass. */
    static void pass(String what, String suite, Path classes) throws IOException, ReflectiveOperationException {
        List<URL> path = new ArrayList<>(List.of(classes.toUri().toURL()));
        for (Path jar : contracts()) {
            path.add(jar.toUri().toURL());
        }
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        try (URLClassLoader loader = new URLClassLoader(path.toArray(URL[]::new), Suites.class.getClassLoader())) {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectClass(loader.loadClass(suite)))
                                    .build(),
                            listener);
        }
        TestExecutionSummary summary = listener.getSummary();
        StringWriter failures = new StringWriter();
        summary.printFailuresTo(new PrintWriter(failures), SHOWN_FRAMES);
        assertEquals(0, summary.getTotalFailureCount(), () -> what + ":\n" + failures);
        assertTrue(summary.getTestsSucceededCount() > 3, () -> what + ": " + suite + " has no tests");
    }
}
