package org.kolotoc.develop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The benchmarks: a program of its own, built apart, since it needs a library that nobody else fetches.
 *
 * @param jvm options with which the script starts the runtime's JVM
 * @param runtime class path of the launcher
 */
record Bench(Project project, Children children, List<String> jvm, String runtime) {
    private static final String DEBUG = "--debug";

    /** Runs them to their end and gives their exit code. They have no verdict: a JVM that gives 1 did not start. */
    int run(List<String> arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(jvm);
        line.addAll(List.of(
                "-Dkolotoc.bench.natives=" + project.bench().resolve("natives"),
                "-Dkolotoc.bench.jvm=" + String.join("\n", jvm),
                "-Dkolotoc.debug=" + arguments.contains(DEBUG),
                "-cp",
                project.bench().resolve("classes") + ":"
                        + Files.readString(project.bench().resolve("classpath")).strip() + ":" + runtime + "/*",
                "org.kolotoc.bench.Main"));
        arguments.stream().filter(argument -> !argument.equals(DEBUG)).forEach(line::add);
        int code = children.add(new ProcessBuilder(line).inheritIO().start()).waitFor();
        return code == ExitCode.FAILED.code() ? ExitCode.CUT_OFF.code() : code;
    }
}
