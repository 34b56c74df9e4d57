package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/**
 * Plugins that break are swapped into runs of one host, each into its own: the run ends with the bytes of one that they were
 * never in, and another run beside them all with its own.
 */
@DisabledOnOs(OS.WINDOWS)
final class ContainmentTest {
    private static final String DEAF = HostilePlugins.WAIT;
    private static final int STEPS = 12;
    private static final List<String> DEATHS = List.of("exits", "halts", "crashes");

    /** Once it is written down who fills the seat. */
    private static final String SOON = "Thread.sleep(1000); ";

    /** Weights of the run that are not the plugin's. */
    private static final String WEIGHTS = "var weights = context.state().buffer(\"model/\""
            + " + context.model(\"model\").parameters().getFirst().name()); ";

    @TempDir
    static Path folder;

    private static Map<String, String> told;

    @BeforeAll
    static void run() throws Exception {
        Path driver = OutsideBundle.build(
                "contain",
                folder.resolve("driver"),
                Assembled.jar("org.kolotoc.engine"),
                OutsideBundle.home(Bundle.class).toPath());
        Path experiment = Files.writeString(folder.resolve("tiny.json"), """
            {"schema": "kolotoc.experiment/1", "name": "tiny", "seed": 3,
              "data": {"id": "template-world", "characters": 4000},
              "tokenizer": {"id": "char"},
              "model": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8},
              "phases": [{"id": "pretrain", "steps": %d, "batch": 2, "warmup": 2, "learningRate": 0.003, "evaluationSequences": 2}]}
            """.formatted(STEPS));
        List<String> lines = new ArrayList<>(List.of("alone\t-\t0"));
        plugins()
                .build()
                .forEach((name, jar) -> lines.add(name + "\t" + jar + "\t"
                        + (DEATHS.contains(name) ? "isolated" : name.equals("heap") ? "0" : "700")));
        lines.add("killed\t-\tisolated");
        Path list = Files.write(folder.resolve("lines"), lines);
        Launch.Result result = Launch.startWith(
                        "-Xmx300m",
                        "contain",
                        experiment,
                        list,
                        Assembled.jar("org.kolotoc.phase.pretrain"),
                        "--plugin",
                        driver)
                .end();
        told = new LinkedHashMap<>();
        for (String part : result.out().split("(?m)^== ")) {
            told.put(part.lines().findFirst().orElse(""), part);
        }
        System.out.println(result.out() + result.err());
        result.expect(0);
    }

    private static HostilePlugins plugins() throws IOException {
        HostilePlugins all = new HostilePlugins(Files.createDirectories(folder.resolve("jars")));
        step(all, "thrown", "throw new java.io.IOException(\"odd\");");
        step(all, "error", "throw new AssertionError(\"odd\");");
        step(all, "unlinked", "throw new NoClassDefFoundError(\"acme/Gone\");");
        step(all, "recursion", "bad(context, out);");
        step(
                all,
                "mute",
                "throw new RuntimeException() { public String getMessage() { throw new IllegalStateException(); } };");
        step(all, "sleeps", "Thread.sleep(600_000);");
        step(all, "deaf", DEAF);
        step(all, "nan", "out.put(\"loss/train\", Double.NaN);");
        step(all, "heap", "List<byte[]> all = List.of(new byte[100_000_000], new byte[300_000_000]);");
        step(all, "direct", "var all = List.of(java.nio.ByteBuffer.allocateDirect(2_000_000_000));");
        step(
                all,
                "nanstate",
                WEIGHTS + "float[] none = new float[weights.shape().size()];"
                        + " Arrays.fill(none, Float.NaN); weights.write(none);");
        step(all, "closes", WEIGHTS + "weights.close();");
        step(all, "measures", "out.put(\"reward\", 1);");
        step(all, "exits", SOON + "System.exit(0);");
        step(all, "halts", SOON + "Runtime.getRuntime().halt(0);");
        step(
                all,
                "crashes",
                SOON
                        + "java.lang.foreign.MemorySegment.NULL.reinterpret(8).set(java.lang.foreign.ValueLayout.JAVA_LONG,"
                        + " 0, 1);");
        step(all, "interrupts", "Thread.getAllStackTraces().keySet().forEach(Thread::interrupt);");
        step(all, "deletes", """
            for (Path folder = Path.of("%s"); Files.exists(folder); ) {
                try (var all = Files.walk(folder)) {
                    for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                } catch (java.io.IOException | java.io.UncheckedIOException writtenMeanwhile) {
                    continue;
                }
            }
            """.formatted(folder.resolve("deletes")));
        step(all, "settings", """
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
            System.setProperty("line.separator", "\\r");
            Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> System.exit(1));
            """);
        step(all, "threads", """
            for (int i = 0; i < 100; i++) {
                Thread.ofPlatform().daemon(i > 0).start(() -> { %s });
            }
            Thread.ofPlatform().start(() -> List.of().get(3));
            """.formatted(DEAF));
        all.pretraining("loaders", "static final List<Object> ALL = new ArrayList<>();", """
            for (int i = 0; i < 100; i++) {
                ALL.add(new java.net.URLClassLoader(new java.net.URL[0], Odd.class.getClassLoader()));
            }
            """, "", "");
        all.pretraining("constructor", "public Odd() { throw new IllegalStateException(\"odd\"); }", "", "", "");
        all.pretraining("prepares", "", "throw new IllegalStateException(\"odd\");", "", "");
        all.pretraining("preparing", "", DEAF, "", "");
        all.pretraining("closing", "", "", "", DEAF);
        all.pretraining("closed", "", "", "", "throw new IllegalStateException(\"odd\");");
        activator(all, "starts", "throw new IllegalStateException(\"odd\");");
        activator(all, "services", """
            for (int i = 0; i < 1000; i++) {
                context.registerService(Runnable.class, () -> {}, null);
            }
            """);
        return all;
    }

    private static void activator(HostilePlugins all, String name, String start) {
        all.pretraining(name, """
            public static class Start implements org.osgi.framework.BundleActivator {
                public void start(org.osgi.framework.BundleContext context) {
                    %s
                }

                public void stop(org.osgi.framework.BundleContext context) {}
            }
            """.formatted(start), "", "", "")
                .header(name, "Bundle-Activator", "hostile." + name + ".Odd$Start");
    }

    private static void step(HostilePlugins all, String name, String source) {
        all.pretraining(name, "", "", source, "");
    }

    private static void assertSameBytes(String run) throws IOException {
        assertEquals(
                -1,
                Files.mismatch(Tiny.state(folder.resolve("alone"), STEPS), Tiny.state(folder.resolve(run), STEPS)),
                "state after step " + STEPS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "thrown    | failed while it took its step 6: java.io.IOException: odd",
                "error     | failed while it took its step 6: java.lang.AssertionError: odd",
                "unlinked  | failed while it took its step 6: java.lang.NoClassDefFoundError: acme/Gone",
                "recursion | failed while it took its step 6: java.lang.StackOverflowError",
                "mute      | failed while it took its step 6: hostile.mute.Odd$2, which does not even tell what it is",
                "sleeps    | did not come back within & when it took its step 6 & at"
                        + " hostile.sleeps.Odd.bad(Odd.java:",
                "deaf      | did not come back within & when it took its step 6 & at"
                        + " hostile.deaf.Odd.bad(Odd.java:",
                "nan       | the run diverged: loss/train is NaN after step 6",
                "heap      | failed while it took its step 6: it took all memory of the Java heap, 290 MiB",
                "direct    | failed while it took its step 6: it took all memory",
                "nanstate  | the run diverged: loss/train is NaN after step 7 & not finite either: model/",
                "closes    | failed while it took its step 6: java.lang.UnsupportedOperationException: this buffer of",
                "measures  | measures 'reward', which it did not declare",
                "interrupts | left its thread interrupted when it took its step 6",
                "closing   | did not come back within & when it closed",
            })
    void whatBreaksInAStepIsTakenBack(String name, String parts) throws IOException {
        String all = told.get(name);
        for (String part : parts.split(" & ")) {
            assertTrue(all.contains(part), () -> "«" + part + "» expected in:\n" + all);
        }
        assertTrue(
                all.contains("refused hostile." + name + " 1.2.3 (") && all.contains(" is quarantined in this run"),
                all);
        assertTrue(all.contains("; the run goes back to its last checkpoint, and on with the bundle before"), all);
        assertTrue(all.contains("state FINISHED " + STEPS), all);
        assertSameBytes(name);
        String lock = Files.readString(folder.resolve(name).resolve("lock.json"));
        assertTrue(lock.contains("\"quarantined\""), lock);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "starts      | does not start: java.lang.IllegalStateException: odd",
                "constructor | IllegalStateException: odd",
                "prepares    | failed while it prepared: java.lang.IllegalStateException: odd",
                "preparing   | did not come back within 7.",
            })
    void whatBreaksBeforeIsRefused(String name, String part) throws IOException {
        String all = told.get(name);
        assertTrue(all.contains("refused ") && all.contains(part), all);
        assertTrue(all.contains("state FINISHED " + STEPS), all);
        assertSameBytes(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"settings", "threads", "loaders", "services", "closed"})
    void whatHarmsNobodyGoesOn(String name) throws IOException {
        String all = told.get(name);
        assertTrue(all.contains("swapped hostile." + name + " 1.2.3"), all);
        assertTrue(all.contains("after step 8, was hostile." + name + " 1.2.3"), all);
        assertTrue(all.contains("state FINISHED " + STEPS), all);
        assertSameBytes(name);
    }

    /** What is not the JVM's to contain ends the run's own process; this one, and the run beside it, go on. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exits   | ended with code 15 before the run did: a plugin ended it",
                "halts   | ended with code 0 before the run did: a plugin ended it",
                "crashes | crashed in native code; its JVM says where in",
                "killed  | was ended by SIGKILL: somebody killed it",
            })
    void whatEndsAProcessEndsItsRunAlone(String name, String how) throws IOException {
        Path run = folder.resolve(name);
        String all = told.get(name);
        assertTrue(all.contains("died the run's own process " + how), all);
        assertTrue(all.contains(": ./kolotoc run --resume " + run + " --isolated"), all);
        assertEquals(DEATHS.contains(name), all.contains(" is quarantined after step "), all);
        String status = Files.readString(run.resolve("run.json"));
        assertTrue(status.contains("\"failed\"") && status.contains("the run's own process " + how), status);
    }

    /** With the plugin before, since the other is quarantined. */
    @Test
    void aRunWhoseProcessHaltedGoesOn() throws IOException {
        Path run = folder.resolve("halts");
        Path checkpoint =
                Assembled.files(run.resolve("checkpoints"), "state.safetensors").getLast();
        int step =
                Integer.parseInt(checkpoint.getParent().getFileName().toString().replaceAll("\\D", ""));
        Launch.run("run", "--resume", run, "--set", "phases.0.steps=" + (step + 3))
                .expect(0);
        assertTrue(Files.isRegularFile(Tiny.state(run, step + 3)));
    }

    @Test
    void whoseFolderIsRemovedEndsAlone() {
        assertTrue(
                told.get("deletes").contains("failed the run folder " + folder.resolve("deletes") + " was removed"),
                told.get("deletes"));
    }

    @Test
    void theRunBesideThemAllIsTheSame() {
        assertTrue(told.get("beside").contains("state STOPPED"), told.get("beside"));
        Launch.Result replayed = Launch.run("replay", folder.resolve("beside")).expect(0);
        assertTrue(replayed.out().contains("equal up to step "), replayed.out());
        assertFalse(replayed.out().contains("equal up to step 0"), replayed.out());
    }
}
