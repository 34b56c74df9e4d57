package org.kolotoc.develop;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Builds with Maven: its output goes into a log file, its progress to a person.
 *
 * @param program Maven's
 * @param folder of the pom
 * @param out for the person
 * @param terminal whether that is a terminal
 */
record Maven(Path program, Path folder, Children children, PrintStream out, boolean terminal) {
    private static final long REDRAW_MILLISECONDS = 200;

    /**
     * Maven and its plugins read and write one language and one kind of digits. They run for seconds: HotSpot's second
     * compiler took a third of their processor time and made them no faster.
     */
    private static final String OPTIONS =
            "-XX:TieredStopAtLevel=1 -Duser.language=en -Duser.country= -Duser.variant= -Duser.extensions=";

    /**
     * Maven's program on a path of folders, as the shell finds it.
     *
     * @throws Problem when there is none
     */
    static Path find(String path) {
        return Stream.of(path.split(File.pathSeparator))
                .map(part -> Path.of(part, "mvn"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new Problem("Maven (3.8 or newer) is not on the path.\n"
                        + "  Get it: apt install maven, or sdk install maven, or brew install maven"));
    }

    /**
     * Runs a build and waits for its end.
     *
     * @param what said of it: building
     * @param log its file
     * @return whether it succeeded; if not, what is wrong was said
     */
    boolean run(String what, Path log, List<String> arguments) throws IOException, InterruptedException {
        Files.createDirectories(log.getParent());
        List<String> line = new ArrayList<>(List.of(
                program.toString(), "-B", "-f", folder.resolve("pom.xml").toString()));
        line.addAll(arguments);
        // From outside: where the folder is a link, the current folder would be what it leads to.
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toAbsolutePath().getParent().toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"));
        builder.environment().merge("MAVEN_OPTS", OPTIONS, (given, ours) -> ours + " " + given);
        Progress progress = new Progress(out, terminal, what);
        Process maven = children.add(builder.start());
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
                BufferedReader said = maven.inputReader(StandardCharsets.UTF_8);
                Writer file = Files.newBufferedWriter(log)) {
            clock.scheduleAtFixedRate(progress::draw, REDRAW_MILLISECONDS, REDRAW_MILLISECONDS, TimeUnit.MILLISECONDS);
            for (String text = said.readLine(); text != null; text = said.readLine()) {
                file.write(text + "\n");
                BuildLog.Module.of(text).ifPresent(module -> progress.at(module.number(), module.all(), module.name()));
            }
            clock.shutdownNow();
        }
        int code = maven.waitFor();
        progress.clear();
        if (code != 0 && !children.ending()) {
            new BuildLog(log).telling().forEach(out::println);
            out.println("whole log: " + log);
        }
        return code == 0;
    }
}
