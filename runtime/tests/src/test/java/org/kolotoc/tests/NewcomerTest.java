package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The newcomer's two plugins: small, built outside the project with nothing but its repository, and trained. */
class NewcomerTest {
    private static final int MOST_LINES = 60;
    private static final int STEPS = 200;

    @TempDir
    Path folder;

    @Test
    void modelIsBuiltAsAnOutsiderWouldAndLearns() throws IOException, InterruptedException {
        Path jar = build("hello-model", List.of("HelloModel.java", "pom.xml"));
        Path out = folder.resolve("run");
        Path first = Assembled.PROJECT.resolve("examples/experiments/first.json");
        List<Object> line = new ArrayList<>(List.of("run", first, "--plugin", jar, "--out", out));
        for (String set : List.of(
                "model={\"id\":\"hello\"}", "phases.0.steps=" + STEPS, "data.characters=20000", "criteria=[]")) {
            line.addAll(List.of("--set", set));
        }
        Launch.run(line.toArray()).expect(0);
        assertFalls(out, "loss/train");
        assertFalls(out, "loss/validation");
    }

    @Test
    void phaseIsBuiltAsAnOutsiderWouldAndTrains() throws IOException, InterruptedException {
        Path jar = build("hello-phase", List.of("HelloPhase.java", "pom.xml"));
        Path out = folder.resolve("run");
        String phase = "{\"id\":\"hello\",\"steps\":" + STEPS + ",\"learningRate\":0.5}";
        Launch.run(Tiny.with(phase, out, "--plugin", jar)).expect(0);
        assertFalls(out, "loss/train");
    }

    private Path build(String name, List<String> expected) throws IOException, InterruptedException {
        Path source = Assembled.PROJECT.resolve("examples").resolve(name);
        Path project = Files.createDirectory(folder.resolve(name));
        int lines = 0;
        List<String> files = new ArrayList<>();
        try (Stream<Path> list = Files.list(source)) {
            for (Path file : list.filter(Files::isRegularFile).sorted().toList()) {
                files.add(file.getFileName().toString());
                List<String> text = Files.readAllLines(file);
                lines += text.size();
                assertTrue(text.stream().allMatch(line -> line.length() <= 120), () -> file + " has a line over 120");
                Files.copy(file, project.resolve(file.getFileName()));
            }
        }
        assertEquals(expected, files);
        System.out.println(name + ": " + files.size() + " files, " + lines + " lines");
        assertTrue(lines <= MOST_LINES, name + " has " + lines + " lines, more than " + MOST_LINES);
        OutsideMaven maven = OutsideMaven.find(folder.resolve("repository"));
        if (maven == null) {
            abort("not evaluated: Maven is not on the path, so the newcomer's plugins cannot be built");
        }
        maven.build(project);
        Path jar = project.resolve("target/" + name + "-1.0.0.jar");
        assertEquals(Set.of(), ImportRanges.tooWide(jar), "other versions of the contracts than it was built against");
        return jar;
    }

    private static void assertFalls(Path run, String measure) throws IOException {
        List<Double> values = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            if (json.has(measure)) {
                values.add(json.get(measure).getAsDouble());
            }
        }
        assertTrue(values.size() >= 2, () -> measure + " was not measured twice: " + values);
        double first = values.getFirst();
        double last = values.getLast();
        System.out.printf("%s: %.3f -> %.3f%n", measure, first, last);
        assertTrue(last < 0.85 * first, () -> measure + " fell from " + first + " to " + last + " only");
    }
}
