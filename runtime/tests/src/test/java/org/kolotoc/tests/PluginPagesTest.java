package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** What the pages for authors of plugins show is compiled as it stands there, and passes the suite that it shows. */
class PluginPagesTest {
    private static final Path PAGES = Assembled.PROJECT.resolve("docs/plugin");
    private static final Pattern BLOCK = Pattern.compile("^```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern SUITE =
            Pattern.compile("package (\\w+);.*\nclass (\\w+) extends \\w+Conformance", Pattern.DOTALL);

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> everyPagesPluginCompilesAndPassesItsSuite() throws IOException {
        List<Path> pages = Assembled.files(PAGES, ".md");
        assertFalse(pages.isEmpty());
        return pages.stream()
                .map(page -> DynamicTest.dynamicTest(page.getFileName().toString(), () -> {
                    List<String> blocks = blocks(page);
                    Path classes = compile(page, blocks);
                    List<String> suites = blocks.stream()
                            .flatMap(block -> SUITE.matcher(block).results())
                            .map(suite -> suite.group(1) + "." + suite.group(2))
                            .toList();
                    assertFalse(suites.isEmpty(), () -> page + " shows no suite of a plugin");
                    for (String suite : suites) {
                        TestExecutionSummary summary = run(suite, classes);
                        StringWriter failures = new StringWriter();
                        summary.printFailuresTo(new PrintWriter(failures), 3);
                        assertEquals(0, summary.getTotalFailureCount(), () -> page + ":\n" + failures);
                        assertTrue(summary.getTestsSucceededCount() > 3, () -> page + ": " + suite + " has no tests");
                    }
                }));
    }

    @Test
    void thePageThatListsThemHasEveryPage() throws IOException {
        String list = Files.readString(PAGES.resolveSibling("plugin.md"));
        for (Path page : Assembled.files(PAGES, ".md")) {
            String link = "(plugin/" + page.getFileName() + ")";
            assertTrue(list.contains(link), () -> "docs/plugin.md does not link to " + link);
        }
    }

    private static List<String> blocks(Path page) throws IOException {
        return BLOCK.matcher(Files.readString(page))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static List<Path> contracts() {
        return Stream.of("lib", "repo")
                .flatMap(part -> Assembled.jars(part).stream())
                .toList();
    }

    private Path compile(Path page, List<String> blocks) throws IOException {
        Path classes = Files.createTempDirectory(folder, "classes");
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
        List<Block> sources = new ArrayList<>();
        for (String block : blocks) {
            sources.add(new Block(page.getFileName() + "-" + (sources.size() + 1), block));
        }
        StringWriter said = new StringWriter();
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(said, null, null, options, null, sources)
                .call();
        assertTrue(compiled, () -> page + ":\n" + said);
        return classes;
    }

    /** A block of a page; its type may have any name. */
    private static final class Block extends SimpleJavaFileObject {
        private final String text;

        Block(String name, String text) {
            super(URI.create("page:///" + name + ".java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public boolean isNameCompatible(String simpleName, JavaFileObject.Kind kind) {
            return !simpleName.equals("package-info");
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static TestExecutionSummary run(String suite, Path classes)
            throws IOException, ReflectiveOperationException {
        List<URL> path = new ArrayList<>(List.of(classes.toUri().toURL()));
        for (Path jar : contracts()) {
            path.add(jar.toUri().toURL());
        }
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        try (URLClassLoader loader =
                new URLClassLoader(path.toArray(URL[]::new), PluginPagesTest.class.getClassLoader())) {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectClass(loader.loadClass(suite)))
                                    .build(),
                            listener);
        }
        return listener.getSummary();
    }
}
