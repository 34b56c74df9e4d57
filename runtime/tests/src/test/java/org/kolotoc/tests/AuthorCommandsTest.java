package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for people who write plugins, in processes of their own: {@code new}, then {@code dev} while somebody edits. */
final class AuthorCommandsTest {
    private static final Pattern TAKEN = Pattern.compile("can be used, \\S+, (\\d+\\.\\d+) s");

    @TempDir
    Path folder;

    @Test
    void whatIsSavedIsPluggedInAndWhatDoesNotCompileIsShown() throws IOException, InterruptedException {
        Path project = folder.resolve("my-model");
        String told = Launch.run("new", "model", "my-model", "--out", project)
                .expect(0)
                .out();
        assertTrue(told.contains("mvn verify") && told.contains("run experiment.json --plugin"), told);
        Path source = project.resolve("src/main/java/mymodel/MyModel.java");
        String first = Files.readString(source);

        Launch dev = Launch.start("dev", project);
        dev.await("the first build", () -> built(dev) == 1);
        Files.writeString(source, first.replace("an MLP over each token alone", "another summary"));
        dev.await("the second build", () -> built(dev) == 2);
        Files.writeString(source, first.replace("new Embedding(", "new Embeding("));
        dev.await("what the compiler says", () -> dev.soFar().contains("the build before stays"));
        Files.writeString(source, first);
        dev.await("the third build", () -> built(dev) == 3);
        dev.interrupt();
        Launch.Result result = dev.end().expect(130);

        long line = first.substring(0, first.indexOf("new Embedding(")).lines().count();
        assertTrue(
                result.out().contains("src/main/java/mymodel/MyModel.java:" + line + ": error: cannot find symbol"),
                result.out());
        assertTrue(result.out().contains("new Embeding("), result.out());
        assertFalse((result.out() + result.err()).contains("\tat "), result.err());
        System.out.println("from sources to an installed bundle: "
                + TAKEN.matcher(result.out()).results().map(MatchResult::group).toList());
    }

    /** A run turns while its plugin is edited: what fits goes on over the same weights, what does not changes nothing. */
    @Test
    void whatIsSavedIsSwappedIntoTheRunThatGoesOn() throws IOException, InterruptedException {
        Path project = folder.resolve("my-model");
        Path run = folder.resolve("run");
        Launch.run("new", "model", "my-model", "--out", project).expect(0);
        Path source = project.resolve("src/main/java/mymodel/MyModel.java");
        String first = Files.readString(source);
        String wider = first.replace("data.get(\"vocab\"), sizes.width()", "data.get(\"vocab\"), 1 + sizes.width()");
        assertNotEquals(first, wider);

        Launch dev = Launch.start(
                "dev",
                project,
                "--run",
                project.resolve("experiment.json"),
                "--set",
                "phases.0.steps=1000000",
                "--out",
                run,
                "--threads",
                1);
        dev.await("the first steps", () -> dev.soFar().contains("\nstep 1  loss/train"));
        Files.writeString(source, wider);
        dev.await("a refusal", () -> dev.soFar().contains("is not swapped, the run goes on as it was"));
        Files.writeString(source, first.replace("an MLP over each token alone", "an MLP over a token"));
        dev.await("a swap", () -> dev.soFar().contains("\nswapped: model:my-model, after step "));
        dev.interrupt();
        Launch.Result result = dev.end().expect(130);

        assertTrue(result.out().contains("'model/tokens.weight'"), result.out());
        String told = Files.readString(run.resolve("run.json"));
        assertTrue(told.contains("\"status\": \"stopped\"") && told.contains("\"seat\": \"model 'my-model'\""), told);
        List<String> kept = Assembled.files(run.resolve("bundles"), ".jar").stream()
                .map(jar -> jar.getFileName().toString())
                .filter(jar -> jar.startsWith("my-model-1.0.0.dev"))
                .toList();
        assertEquals(2, kept.size(), () -> "the run keeps the builds that it computed with, and no others: " + kept);
    }

    private static long built(Launch dev) {
        return TAKEN.matcher(dev.soFar()).results().count();
    }

    @Test
    void whatCannotBeIsRefusedWithTheNextThingToType() throws IOException {
        Path there = Files.createDirectory(folder.resolve("there"));
        Map<Launch, List<String>> refused = new LinkedHashMap<>();
        refused.put(
                Launch.start("new", "modle", "mine"),
                List.of("no kind of seat 'modle'", "did you mean 'model'?", "do: ./kolotoc new <kind> mine"));
        refused.put(
                Launch.start("new", "model", "gpt"),
                List.of("there is a model 'gpt' already", "do: choose another name"));
        refused.put(
                Launch.start("new", "command", "run"),
                List.of("./kolotoc run is a command of the program", "do: choose another name, as my-run"));
        refused.put(
                Launch.start("new", "command", "build"),
                List.of("./kolotoc build is a command of the program", "do: choose another name, as my-build"));
        refused.put(
                Launch.start("new", "model", "mine", "--out", there),
                List.of("is there already", "do: choose another, with --out <folder>"));
        refused.put(Launch.start("new", "model"), List.of("model was given", "do: ./kolotoc new model my-model"));
        refused.put(Launch.start("dev", there), List.of("has no pom.xml", "do: ./kolotoc new model my-model"));
        refused.put(Launch.start("neww"), List.of("unknown command 'neww'", "did you mean 'new'?"));
        refused.forEach((process, says) -> process.end().expect(2).says(says.toArray(String[]::new)));
        assertEquals(List.of(), Assembled.files(there, ".java"));
    }

    @Test
    void theTourTakesItsStepsAndSaysWhichOneFails() throws IOException {
        Path out = folder.resolve("tour");
        Launch nowhere = Launch.start(
                "tour", "--out", Files.createFile(folder.resolve("file")).resolve("below"));
        Launch again = Launch.start("tour", "--out", folder);
        String told = Launch.run("tour", "--out", out).expect(0).out();
        assertEquals(
                5,
                told.lines()
                        .filter(line -> line.matches("  ok, \\d+\\.\\d s; .+"))
                        .count(),
                told);
        assertTrue(told.contains("  $ ./kolotoc run " + out), told);
        assertTrue(told.contains("  |   ok   loss/validation"), told);
        assertTrue(Files.readString(out.resolve("run/lock.json")).contains("\"my-model\""), "trained by the plugin");

        String failed = nowhere.end().expect(1).out();
        assertTrue(failed.contains("1 of 5: ") && !failed.contains("2 of 5: "), failed);
        assertTrue(failed.contains("  FAILED, exit code 2, ") && failed.contains("\ndo: ./kolotoc new model"), failed);
        again.end().expect(2).says("is there already", "do: choose another");
    }

    @Test
    void theirOptionsAreCompleted() {
        String completion = Launch.run("completion").expect(0).out();
        assertTrue(completion.contains("--once") && completion.contains("--package"), completion);
    }
}
