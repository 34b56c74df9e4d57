package org.kolotoc.develop.contracts;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A page in Markdown that lists exported packages with all their types and members, each with its first sentence. */
final class ApiPage {
    private static final String INFO = "package-info.java";
    private static final String EXPORT = "@Export";
    private static final String PLUGIN = "Plugin<";

    private final StringBuilder page = new StringBuilder();

    private ApiPage() {}

    /**
     * The page.
     *
     * @param head what stands above the packages
     * @param sources folders, each with the root of a bundle's packages, in the order of the page
     */
    static String of(String head, List<Path> sources) throws IOException {
        ApiPage page = new ApiPage();
        page.page.append(head);
        for (Path root : sources) {
            for (Path place : exported(root)) {
                page.add(name(root, place), place);
            }
        }
        return page.page.toString();
    }

    /** The folders of a bundle's exported packages. */
    static List<Path> exported(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            List<Path> places = new ArrayList<>();
            for (Path info : tree.filter(file -> file.endsWith(INFO)).sorted().toList()) {
                if (Files.readString(info).lines().anyMatch(EXPORT::equals)) {
                    places.add(info.getParent());
                }
            }
            return places;
        }
    }

    /** That of a package by its folder. */
    static String name(Path root, Path place) {
        return root.relativize(place).toString().replace('/', '.');
    }

    private void add(String name, Path place) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (Stream<Path> list = Files.list(place);
                StandardJavaFileManager files =
                        compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<Path> sources = list.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, diagnostics, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            DocTrees trees = DocTrees.instance(task);
            List<SourceFile.Type> types = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                SourceFile file = new SourceFile(unit, trees);
                types.addAll(file.types());
                if (unit.getSourceFile().isNameCompatible("package-info", JavaFileObject.Kind.SOURCE)) {
                    page.append("\n## ").append(name).append(version(unit)).append("\n\n");
                    line(file.sentence(new TreePath(new TreePath(unit), unit.getPackage())));
                }
            }
            if (!diagnostics.getDiagnostics().isEmpty()) {
                throw new IOException(diagnostics.getDiagnostics().toString());
            }
            // Those that a plugin implements come first.
            types.stream()
                    .sorted(Comparator.comparing((SourceFile.Type type) -> !isSeat(type)))
                    .forEach(this::add);
        }
    }

    private static String version(CompilationUnitTree info) {
        return info.getPackageAnnotations().stream()
                .filter(one -> one.getAnnotationType().toString().equals("Version"))
                .flatMap(one -> one.getArguments().stream())
                .map(value ->
                        " " + value.toString().replaceFirst("^value = ", "").replace("\"", ""))
                .collect(Collectors.joining());
    }

    private static boolean isSeat(SourceFile.Type type) {
        return type.parents().stream().anyMatch(parent -> parent.startsWith(PLUGIN));
    }

    private void add(SourceFile.Type type) {
        page.append("\n### ").append(type.name()).append("\n\n");
        line("`" + type.declaration() + "`");
        if (!type.sentence().isEmpty()) {
            page.append('\n');
            line(type.sentence());
        }
        String section = "";
        boolean first = true;
        for (SourceFile.Member member : type.members()) {
            if (!member.section().equals(section)) {
                section = member.section();
                page.append("\n**").append(section).append("**\n");
                first = true;
            }
            if (first) {
                page.append('\n');
                first = false;
            }
            line("- `" + member.declaration() + "`" + (member.sentence().isEmpty() ? "" : ": " + member.sentence()));
        }
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
