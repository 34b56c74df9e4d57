package org.kolotoc.launcher;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.kolotoc.develop.ExitCode;

/**
 * Starts the program once more, for what is to go on in a process of its own: with this one's JDK, options, plugins, features
 * and policies.
 *
 * @param arguments of this process
 */
record Processes(Arguments arguments) implements Function<List<String>, ProcessBuilder> {
    /** What is this process's alone, or is given to the other by the environment again. */
    private static final String OWN = "-(Dkolotoc\\.(end|note|relay)=|agentlib:|agentpath:|javaagent:).*";

    /** An end that is not the program's own is told by another code than the script draws. */
    private static final int END = 10;

    /** @param line a command with its arguments, to which those that the launcher reads are added */
    @Override
    public ProcessBuilder apply(List<String> line) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.matches(OWN))
                .forEach(command::add);
        command.addAll(List.of(
                "-D" + ExitCode.END + "=" + END,
                "-XX:ErrorFile=" + Path.of(System.getProperty("java.io.tmpdir"), "kolotoc-crash-%p.log"),
                "-XX:-CreateCoredumpOnCrash",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                line.getFirst()));
        arguments.plugins().forEach(jar -> command.addAll(List.of("--plugin", jar.toString())));
        arguments.features().forEach(feature -> command.addAll(List.of("--feature", feature)));
        arguments.policies().forEach(file -> command.addAll(List.of("--policy", file.toString())));
        if (arguments.debug()) {
            command.add("--debug");
        }
        command.addAll(line.subList(1, line.size()));
        return new ProcessBuilder(command);
    }
}
