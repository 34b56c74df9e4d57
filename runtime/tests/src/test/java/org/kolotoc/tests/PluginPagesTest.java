package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

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
                        Suites.pass(page.toString(), suite, classes);
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

    private Path compile(Path page, List<String> blocks) throws IOException {
        Path classes = Files.createTempDirectory(folder, "classes");
        List<Block> sources = new ArrayList<>();
        for (String block : blocks) {
            sources.add(new Block(page.getFileName() + "-" + (sources.size() + 1), block));
        }
        Suites.compile(page.toString(), sources, classes);
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
}
