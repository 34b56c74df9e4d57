package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is put into the folder of plugins while a run goes on. */
@DisabledOnOs(OS.WINDOWS)
final class PluginsFolderTest {
    private static final String SLOW =
            "try { Thread.sleep(20); } catch (InterruptedException e) { } out.put(\"loss\", 1);";

    /** Longer than two looks at the folder. */
    private static final long LOOKS = 1_500;

    @TempDir
    static Path folder;

    @Test
    void aWholeJarIsPluggedInAHalfOneWaitsAndOthersAreRefusedWithTheReason() throws Exception {
        Map<String, Path> jars = new HostilePlugins(Files.createDirectories(folder.resolve("made")))
                .phase("slow", "", SLOW)
                .phase("good", "", SLOW)
                .phase("lone", "", SLOW)
                .header("lone", "Import-Package", "org.kolotoc.api,org.kolotoc.tensor,org.example.absent")
                .phase("late", "", SLOW)
                .header("late", "Export-Package", "org.example.absent")
                .build();
        Path home = Files.createDirectories(folder.resolve("home"));
        for (String part : List.of("launcher", "lib", "features")) {
            Files.createSymbolicLink(home.resolve(part), Assembled.HOME.resolve(part));
        }
        Path plugins = Files.createDirectory(home.resolve("plugins"));
        Files.copy(jars.get("slow"), plugins.resolve("slow.jar"));
        Path run = folder.resolve("run");
        Launch launch = Launch.start(home, Tiny.with("{\"id\":\"slow\",\"steps\":100000}", run));
        launch.await("the first step", () -> Files.exists(run.resolve("metrics.jsonl")));

        byte[] whole = Files.readAllBytes(jars.get("good"));
        Path good = Files.write(plugins.resolve("good.jar"), Arrays.copyOf(whole, whole.length / 2));
        Files.copy(jars.get("lone"), plugins.resolve("lone.jar"));
        launch.await("lone", () -> launch.told().contains("left out: bundle hostile.lone 1.2.3 is installed"));
        assertTrue(launch.told().contains("it needs package org.example.absent; nothing installed offers it"));
        Thread.sleep(LOOKS);
        assertFalse(launch.told().contains("good"), launch.told());
        Files.write(good, Arrays.copyOfRange(whole, whole.length / 2, whole.length), StandardOpenOption.APPEND);
        launch.await("good", () -> launch.told().contains("plugged in: bundle hostile.good 1.2.3\n"));

        Files.copy(jars.get("late"), plugins.resolve("late.jar"));
        launch.await("what lone waits for", () -> launch.told().contains("plugged in: bundle hostile.late 1.2.3\n"));
        launch.await("lone, which waited", () -> launch.told().contains("plugged in: bundle hostile.lone 1.2.3\n"));

        Files.copy(jars.get("good"), plugins.resolve("twin.jar"));
        launch.await(
                "its twin", () -> launch.told().contains("twin.jar cannot be installed: a bundle of the same name"));
        Files.delete(plugins.resolve("lone.jar"));
        launch.await(
                "what went", () -> launch.told().contains("taken out: bundle hostile.lone 1.2.3, whose jar is gone\n"));
        PluginJars.copy(jars.get("good"), good, Map.of("Bundle-Version", "1.4.0"));
        launch.await("a change", () -> launch.told().contains("plugged in: bundle hostile.good 1.4.0\n"));
        assertTrue(
                launch.told().contains("taken out: bundle hostile.good 1.2.3, whose jar was changed\n"), launch.told());
        PluginJars.copy(jars.get("slow"), plugins.resolve("slow.jar"), Map.of("Bundle-Version", "1.4.0"));
        launch.await(
                "what is used",
                () -> launch.told()
                        .contains("slow.jar was changed; bundle hostile.slow 1.2.3 serves the run that uses it to its"
                                + " end, and is taken out then\n"));
        Thread.sleep(LOOKS);
        assertFalse(launch.told().contains("hostile.slow 1.4.0"), launch.told());
        launch.interrupt();
        launch.end().expect(130);
    }
}
