package org.kolotoc.tests;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The Maven on the path, as somebody who does not have this project uses it. Its local repository is the machine's with
 * one exception: of this project it knows nothing, and what it learns of it goes to a folder of the test.
 *
 * @param program the command
 * @param repository the local repository
 */
record OutsideMaven(Path program, Path repository) {
    private static final long PATIENCE_SECONDS = 300;

    /** Null where there is no Maven. */
    static OutsideMaven find(Path repository) throws IOException {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path program = Path.of(folder, "mvn");
            if (Files.isExecutable(program)) {
                Path machine = Path.of(
                        System.getProperty("localRepository", System.getProperty("user.home") + "/.m2/repository"));
                Files.createDirectories(repository.resolve("org"));
                link(machine, repository, "org");
                link(machine.resolve("org"), repository.resolve("org"), "kolotoc");
                return new OutsideMaven(program, repository);
            }
        }
        return null;
    }

    private static void link(Path from, Path to, String except) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> list = Files.list(from)) {
            for (Path entry : list.toList()) {
                if (!entry.getFileName().toString().equals(except)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    /** {@code mvn package}: without a network first, since the build of this project has fetched what it needs. */
    void build(Path project) throws IOException, InterruptedException {
        Path log = project.resolve("build.log");
        if (run(project, log, "-o", "-Daether.offline.protocols=file") != 0 && run(project, log) != 0) {
            throw new AssertionError("mvn package fails in " + project + ":\n" + Files.readString(log));
        }
    }

    private int run(Path project, Path log, String... options) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(program.toString(), "-B", "-q"));
        line.addAll(List.of(options));
        line.add("-Dmaven.repo.local=" + repository);
        line.add("package");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("KOLOTOC_HOME", Assembled.HOME.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("mvn package takes more than " + PATIENCE_SECONDS + " s in " + project);
        }
        return process.exitValue();
    }
}
