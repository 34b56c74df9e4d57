package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a process of the whole program ends that a plugin, a signal or a bad option ends before its time. */
@DisabledOnOs(OS.WINDOWS)
final class EndingTest {
    /** A bundle with commands that don't return. */
    private static final String LEAVE = """
        package hello.leave;

        import java.util.*;
        import java.util.function.ToIntFunction;
        import org.osgi.framework.*;

        public class Leave implements BundleActivator {
            @Override
            public void start(BundleContext context) {
                offer(context, "leave", false, line -> { System.exit(0); return 1; });
                offer(context, "leave-aside", false, line -> {
                    Thread.ofPlatform().start(() -> System.exit(1));
                    return sleep();
                });
                offer(context, "halt", false, line -> { Runtime.getRuntime().halt(0); return 1; });
                offer(context, "sleep", false, line -> sleep());
                offer(context, "deaf", true, line -> sleep());
            }

            private static void offer(BundleContext context, String name, boolean stoppable, ToIntFunction<String[]> body) {
                context.registerService(ToIntFunction.class, body, new Hashtable<>(Map.of(
                        "kolotoc.command", name,
                        "kolotoc.command.summary", "ends the process in its own way",
                        "kolotoc.command.stoppable", Boolean.toString(stoppable))));
            }

            private static int sleep() {
                System.out.println("process " + ProcessHandle.current().pid());
                try {
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    return 2;
                }
                return 0;
            }

            @Override
            public void stop(BundleContext context) {}
        }
        """;

    /** A phase that ends the process in its third step. */
    private static final String LAST_STEP = """
        package hello.last;

        import java.util.*;
        import org.kolotoc.api.*;
        import org.osgi.framework.*;

        public class Last implements BundleActivator, Phase<Last.Plan> {
            public record Plan(boolean halt) {}

            @Override
            public void start(BundleContext context) {
                context.registerService(Phase.class, this, new Hashtable<>(Map.of(
                        "kolotoc.seat.kind", "phase", "kolotoc.seat.id", "last", "kolotoc.seat.summary", "ends")));
            }

            @Override
            public Class<Plan> settings() {
                return Plan.class;
            }

            @Override
            public Needs needs(Plan plan) {
                return Needs.none();
            }

            @Override
            public List<Measure> measures(Plan plan) {
                return List.of(Measure.step("loss/train", "nats", Measure.Better.LOWER));
            }

            @Override
            public Training prepare(Plan plan, PhaseContext context) {
                return Training.of(List.of(), (index, out) -> step(plan, index, out), out -> {});
            }

            private static void step(Plan plan, long index, Measurements out) {
                out.put("loss/train", 1);
                if (index == 2 && plan.halt()) {
                    Runtime.getRuntime().halt(0);
                } else if (index == 2) {
                    System.exit(0);
                }
            }

            @Override
            public void stop(BundleContext context) {}
        }
        """;

    @TempDir
    static Path folder;

    private static Path plugin;
    private static Path phase;
    private static Clone clone;

    @BeforeAll
    static void build() throws IOException {
        plugin = PluginJars.compiled(
                folder.resolve("leave"),
                "hello.leave.Leave",
                LEAVE,
                Map.of(
                        "Bundle-Version", "1.2.3",
                        "Bundle-Activator", "hello.leave.Leave",
                        "Import-Package", "org.osgi.framework"));
        phase = PluginJars.compiled(
                folder.resolve("last"),
                "hello.last.Last",
                LAST_STEP,
                Map.of(
                        "Bundle-Version", "2.0.0",
                        "Bundle-Activator", "hello.last.Last",
                        "Import-Package", "org.osgi.framework,org.kolotoc.api,org.kolotoc.tensor",
                        "Provide-Capability", "kolotoc.seat;kind=phase;id=last;summary=ends"));
        clone = Clone.make(folder.resolve("clone"), Path.of(System.getProperty("java.home")));
    }

    @Test
    void aPluginThatEndsTheProcessIsNamedAndGivesNoVerdict() {
        clone.run("leave", "--plugin", plugin)
                .expect(5)
                .says("kolotoc: the bundle hello.leave 1.2.3 ended the process (System.exit, called by"
                        + " hello.leave.Leave");
        clone.run("leave-aside", "--plugin", plugin).expect(5).says("the bundle hello.leave 1.2.3 ended the process");
        Launch.run("leave", "--plugin", plugin).expect(5);
    }

    @Test
    void aPluginThatHaltsTheJvmGivesNoVerdict() {
        clone.run("halt", "--plugin", plugin)
                .expect(5)
                .says("kolotoc: the JVM ended with code 0 before the program's own end");
    }

    /** With the command that goes on, also where nothing of the program could tell it any more. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPhaseThatEndsTheProcessInAStepGivesNoVerdict(boolean halt) {
        Path run = folder.resolve("run-" + halt);
        Object[] line = Tiny.with(
                "{\"id\":\"last\",\"steps\":5,\"halt\":" + halt + "}",
                run,
                "--plugin",
                phase,
                "--set",
                "checkpointEvery=1");
        clone.run(line)
                .expect(5)
                .says(
                        halt
                                ? "kolotoc: the JVM ended with code 0 before the program's own end"
                                : "kolotoc: the bundle hello.last 2.0.0 ended the process (System.exit, called by",
                        "\n  do: ./kolotoc run --resume " + run);
        assertTrue(Files.isRegularFile(Tiny.state(run, 2)), "what was saved is there");
    }

    @Test
    void aJvmThatDoesNotStartGivesNoVerdict() {
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
            clone.start(folder, Map.of(variable, "-XX:+NoSuchOption"), "list")
                    .end()
                    .expect(5)
                    .says(
                            "NoSuchOption",
                            "the JVM ended with code 1 before the program's own end",
                            "do: mend what is said above; options in your environment: -XX:+NoSuchOption");
        }
    }

    @Test
    void aSecondSignalEndsAtOnceWhatDoesNotStop() throws IOException, InterruptedException {
        Launch launch = clone.start("deaf", "--plugin", plugin);
        launch.await("the command", () -> launch.soFar().contains("process "));
        launch.interrupt();
        launch.await("the answer", () -> launch.told().contains("stopping (Ctrl-C again"));
        long begin = System.nanoTime();
        launch.interrupt();
        Launch.Result result = launch.end();
        assertEquals(130, result.code(), result.err());
        assertEquals(
                1,
                result.err().split("stopping \\(Ctrl-C again", -1).length - 1,
                "the first was heard once: " + result.err());
        assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(30), "and it was at once");
    }

    @Test
    void aJvmWhoseScriptIsKilledEndsToo() throws Exception {
        Launch launch = clone.start("sleep", "--plugin", plugin);
        launch.await("the command", () -> launch.soFar().contains("process "));
        ProcessHandle jvm = ProcessHandle.of(
                        Long.parseLong(launch.soFar().strip().replaceAll("\\D", "")))
                .orElseThrow();
        launch.signal("KILL");
        launch.end();
        jvm.onExit().get(30, TimeUnit.SECONDS);
        assertFalse(jvm.isAlive());
    }
}
