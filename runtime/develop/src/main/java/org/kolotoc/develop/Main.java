package org.kolotoc.develop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.kolotoc.develop.contracts.Contracts;

/**
 * The program behind the script's own commands. System properties: {@code kolotoc.project}, the repository;
 * {@code kolotoc.terminal}, true where standard error is one; {@code kolotoc.jvm}, where the command may need them, the
 * options of the runtime's JVM, a line each; {@code kolotoc.path}, the folder of its class path.
 */
public final class Main {
    private static final List<String> HELP = List.of("--help", "-h");
    private static final String COLON = ":";

    private final Project project;
    private final Children children;

    private Main(Project project) {
        this.project = project;
        this.children = Children.ofThisProcess();
    }

    /** Runs a command of the script and ends the process with its exit code. */
    public static void main(String[] line) {
        Locale.setDefault(Locale.ROOT);
        int code = ExitCode.DEFECT.code();
        try {
            code = new Main(new Project(Path.of(System.getProperty("kolotoc.project", "")))).run(List.of(line));
        } catch (Problem e) {
            code = failed(ExitCode.BAD_INPUT, e.getMessage(), e, line);
        } catch (IOException | UncheckedIOException e) {
            code = failed(ExitCode.BAD_INPUT, "a file can't be read or written: " + e.getMessage(), e, line);
        } catch (InterruptedException e) {
            code = ExitCode.INTERRUPTED.code();
        } catch (RuntimeException | Error e) {
            code = failed(ExitCode.DEFECT, "this is a defect of the program: " + e, e, line);
        } finally {
            System.out.flush();
            System.exit(ExitCode.raw(code));
        }
    }

    private static int failed(ExitCode code, String message, Throwable e, String[] line) {
        System.err.println("kolotoc: " + message);
        if (List.of(line).contains("--debug")) {
            e.printStackTrace();
        }
        return code.code();
    }

    private int run(List<String> line) throws IOException, InterruptedException {
        String word = line.isEmpty() ? "--help" : line.getFirst();
        List<String> rest = line.isEmpty() ? List.of() : line.subList(1, line.size());
        if (List.of("--version", "-V").contains(word)) {
            System.out.println("kolotoc " + project.version());
            return ExitCode.DONE.code();
        }
        Chore chore = Chore.of(word).orElse(null);
        if (chore == null) {
            help();
            return ExitCode.DONE.code();
        }
        if (rest.stream().anyMatch(HELP::contains)) {
            System.out.print(chore.help());
            return ExitCode.DONE.code();
        }
        return switch (chore) {
            case BUILD -> build(rest).code();
            case TEST -> test(rest).code();
            case BENCH -> new Bench(project, children, jvm(), System.getProperty("kolotoc.path", "")).run(rest);
            case FORMAT -> format(rest).code();
            case DOCS -> docs(rest).code();
            case LINES -> lines(rest).code();
            case JDK -> throw new Problem("jdk takes nothing; do: ./kolotoc jdk");
        };
    }

    /** What there is before anything is built; the launcher tells more. */
    private static void help() {
        System.out.println("Kolotoč: models and training phases as plugins, compiled to SIMD kernels on the JVM.\n\n"
                + "  ./kolotoc run examples/experiments/first.json    builds, then trains a small GPT\n"
                + "  ./kolotoc build                                  builds; then --help lists every command\n");
        for (Chore chore : Chore.values()) {
            System.out.println(String.format("  %-10s %s", chore.word(), chore.summary()));
        }
    }

    /** Builds the runtime, or, as the script asks with {@code --bench}, the benchmarks. */
    private ExitCode build(List<String> rest) throws IOException, InterruptedException {
        boolean bench = rest.equals(List.of("--bench"));
        boolean all = rest.equals(List.of("--all"));
        if (!bench && !all) {
            none("build takes nothing but --all", rest);
        }
        if (bench && !(System.getProperty("os.name") + " " + System.getProperty("os.arch")).equals("Linux amd64")) {
            throw new Problem("bench needs Linux on x86-64, as the libtorch that it fetches; this is "
                    + System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
        }
        if (bench) {
            requireNoColon("bench");
        }
        Path stamp = (bench ? project.bench() : project.home()).resolve(".built");
        FileTime asked = FileTime.fromMillis(
                ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli());
        try (BuildLock _ = lock(bench ? "bench" : "build")) {
            if (all || !(Files.exists(stamp) && Files.getLastModifiedTime(stamp).compareTo(asked) > 0)) {
                Files.createDirectories(project.logs());
                Path began = Files.createTempFile(project.logs(), "began", "");
                List<String> what = new ArrayList<>(List.of("package", "-Dmaven.test.skip=true", "-am"));
                what.addAll(bench ? List.of("-Pbench", "-pl", "bench") : List.of("-pl", "runtime/assembly"));
                Path log = project.logs().resolve(bench ? "bench.log" : "build.log");
                if (!maven().run("building", log, what)) {
                    Files.delete(began);
                    System.err.println("kolotoc: the build failed");
                    return ExitCode.BAD_INPUT;
                }
                Files.move(began, stamp, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (!bench) {
            System.err.println("built: " + project.home());
        }
        return ExitCode.DONE;
    }

    private ExitCode test(List<String> rest) throws IOException, InterruptedException {
        requireNoColon("test");
        List<String> what = new ArrayList<>(List.of("--fail-at-end", "-T1C", "verify"));
        // Of the options for the runtime, tests take those that a device needs: a file beside that of every JVM.
        jvm().stream()
                .filter(option -> option.startsWith("@") && !option.endsWith("jvm.options"))
                .forEach(option -> what.add("-Dtornado.jvm=" + option));
        what.addAll(rest);
        boolean built;
        try (BuildLock _ = lock("test")) {
            TestReports.delete(project.parts());
            built = maven().run("testing", project.logs().resolve("test.log"), what);
        }
        System.out.println(SourceLines.table(SourceLines.of(project)));
        TestReports reports = TestReports.read(project.parts());
        reports.skipped().forEach(skipped -> System.out.println("  " + skipped));
        System.out.println(reports.count());
        return built && reports.passed() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private ExitCode format(List<String> rest) throws IOException, InterruptedException {
        none("format takes nothing", rest);
        Path log = project.logs().resolve("format.log");
        try (BuildLock _ = lock("format")) {
            if (!maven().run("formatting", log, List.of("verify", "-pl", "runtime/format", "-Dformat=apply"))) {
                System.err.println("kolotoc: not everything was formatted");
                return ExitCode.BAD_INPUT;
            }
        }
        new BuildLog(log).formatted().forEach(System.out::println);
        return ExitCode.DONE;
    }

    private ExitCode docs(List<String> rest) throws IOException {
        none("docs takes nothing", rest);
        Contracts contracts = new Contracts(project.root());
        contracts.write().forEach(System.out::println);
        List<String> unversioned = contracts.unversioned();
        unversioned.forEach(fault -> System.err.println("kolotoc: " + fault));
        return unversioned.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private ExitCode lines(List<String> rest) throws IOException {
        none("lines takes nothing", rest);
        System.out.println(SourceLines.table(SourceLines.of(project)));
        return ExitCode.DONE;
    }

    private static void none(String what, List<String> rest) {
        if (!rest.isEmpty()) {
            throw new Problem(what + ", found '" + rest.getFirst() + "'; --help says more");
        }
    }

    private BuildLock lock(String command) {
        String holder =
                "./kolotoc " + command + " (process " + ProcessHandle.current().pid() + ")";
        return BuildLock.take(project.root(), holder, System.err::println);
    }

    /** A folder as it is, or a link to it where a colon in its name would part the compiler's class path. */
    private static Path withoutColon(Path root) throws IOException {
        if (!root.toString().contains(COLON)) {
            return root;
        }
        Path folder = Files.createTempDirectory("kolotoc");
        folder.toFile().deleteOnExit();
        Path link = Files.createSymbolicLink(folder.resolve("clone"), root);
        link.toFile().deleteOnExit();
        return link;
    }

    /** Refuses what starts programs on class paths of its own. */
    private void requireNoColon(String command) {
        if (project.root().toString().contains(COLON)) {
            throw new Problem(command + " can't run in " + project.root()
                    + ": a colon parts the entries of a class path; do it in a clone without one");
        }
    }

    private static List<String> jvm() {
        return System.getProperty("kolotoc.jvm", "").lines().toList();
    }

    private Maven maven() throws IOException {
        return new Maven(
                Maven.find(System.getenv().getOrDefault("PATH", "")),
                withoutColon(project.root()),
                children,
                System.err,
                Boolean.getBoolean("kolotoc.terminal"));
    }
}
