package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of pictures from noise, a few steps of it over few and small pictures. */
class PicturesFromNoiseTest {
    private static final Path EXAMPLE = Assembled.PROJECT.resolve("examples/experiments/diffusion-shapes.json");

    @TempDir
    static Path folder;

    private static Launch.Result run(Path out, String... sets) {
        List<Object> line = new ArrayList<>(List.of("run", EXAMPLE, "--out", out));
        List<String> all = new ArrayList<>(List.of(
                "data={\"id\": \"shapes\", \"size\": 8, \"classes\": 3, \"pictures\": 60, \"heldOut\": 30}",
                "models.judge={\"id\": \"image-judge\", \"channels\": 2, \"features\": 4}",
                "phases.judge.steps=2",
                "phases.denoise.steps=20",
                "phases.denoise.batch=4",
                "checkpointEvery=11",
                "samples.grid.at=[\"denoise:5\", \"denoise:10\"]",
                "samples.grid.examples=9",
                "samples.grid.steps=3",
                "samples.many.count=2",
                "samples.many.examples=8",
                "samples.many.steps=3",
                "metrics.0.pictures=30",
                "metrics.0.neighbours=10",
                "metrics.0.floor=0"));
        for (String model : List.of("model", "average")) {
            all.add("models." + model
                    + "={\"id\": \"unet\", \"labels\": true, \"widths\": [8, 8], \"waves\": 4, \"groups\": 4,"
                    + " \"heads\": 2, \"timesteps\": 12}");
        }
        all.addAll(List.of(sets));
        all.forEach(set -> line.addAll(List.of("--set", set)));
        return Launch.run(line.toArray());
    }

    @BeforeAll
    static void runs() {
        // Nothing is learned in so few steps, and the verdict says so.
        run(folder.resolve("whole")).expect(1);
    }

    @Test
    void stoppedAndResumedItEndsWithTheSamePictures() throws IOException {
        Path whole = folder.resolve("whole");
        Path resumed = Assembled.copy(whole, folder.resolve("resumed"));
        Launch.run("run", "--resume", resumed, "--from", 11).expect(1);
        assertEquals(-1, Files.mismatch(Tiny.state(whole, 22), Tiny.state(resumed, 22)));
        for (Path picture : Assembled.files(whole.resolve("samples"), ".png")) {
            Path other = resumed.resolve(whole.relativize(picture));
            assertEquals(-1, Files.mismatch(picture, other), picture::toString);
        }
        String metrics = Files.readString(whole.resolve("metrics.jsonl"));
        assertTrue(metrics.contains("\"fid/recall\"") && metrics.contains("\"spectrum/fine\""), metrics);
        assertTrue(Files.readString(whole.resolve("report.html")).contains("data:image/apng;base64,"));
    }

    /** Drawing a hundred pictures takes more than a step of training does, and judging them has thousands beside it. */
    @Test
    void memoryWasKnownBeforeTheFirstStep() throws IOException {
        Path out = folder.resolve("large");
        List<Object> line = new ArrayList<>(List.of("run", EXAMPLE, "--out", out));
        for (String set : List.of(
                "phases.judge.steps=20",
                "phases.denoise.steps=20",
                "samples.grid.at=[\"denoise:10\"]",
                "samples.many.count=1",
                "samples.grid.steps=2",
                "samples.many.steps=2",
                "metrics.0.floor=0")) {
            line.addAll(List.of("--set", set));
        }
        Launch.run(line.toArray()).expect(1);
        JsonObject memory = JsonParser.parseString(Files.readString(out.resolve("run.json")))
                .getAsJsonObject()
                .getAsJsonObject("memory");
        if (memory.has("peakBytes")) {
            double ratio = memory.get("predictedBytes").getAsDouble()
                    / memory.get("peakBytes").getAsLong();
            assertTrue(ratio > 0.9 && ratio < 1.1, memory::toString);
        }
    }

    private static byte[] drawn(String name, Object... options) throws IOException {
        Path file = folder.resolve(name);
        List<Object> line = new ArrayList<>(List.of("sample", folder.resolve("whole"), "--out", file));
        line.addAll(List.of(options));
        Launch.run(line.toArray()).expect(0);
        return Files.readAllBytes(file);
    }

    @Test
    void picturesAreDrawnAsTheyAreAskedFor() throws IOException {
        byte[] four = drawn("four.png", "--count", 4, "--class", 2, "--guidance", 3, "--ddim-steps", 5);
        String said = new String(four, StandardCharsets.ISO_8859_1);
        for (String word : List.of(
                "Checkpoint",
                "\"label\":2",
                "\"guidance\":3",
                "\"steps\":5",
                "\"examples\":4",
                "\"id\":\"ddim\"",
                "Seed")) {
            assertTrue(said.contains(word), word);
        }
        // Four pictures of 8 pixels, two in a row.
        assertEquals(16, four[19]);
        assertEquals(16, four[23]);
        byte[] way = drawn("way.png", "--count", 4, "--interpolate", "3:17");
        byte[] other = drawn("other.png", "--count", 4, "--interpolate", "3:18");
        assertTrue(Arrays.mismatch(way, other) >= 0, "another pair, another way");
        Launch.run("sample", folder.resolve("whole"), "--out", folder.resolve("a.png"), "--interpolate", "3")
                .expect(2)
                .says("expected two numbers of pictures");
        Launch.run("sample", folder.resolve("whole"), "--out", folder.resolve("a.txt"))
                .expect(2)
                .says("ends with .png");
        Launch.run("sample", folder.resolve("whole"), "--out", folder.resolve("a.png"), "--class", 3)
                .expect(2)
                .says("--class: 3 is none of its 3 classes");
    }

    /** Sizes, judges and schedules that can't be are told by their place, with what works. */
    @Test
    void whatDoesNotFitIsRefused() {
        run(folder.resolve("odd"), "data.size=9").expect(2).says("widths", "9 x 9 pixels", "as 10 x 10");
        run(folder.resolve("never"), "models.model.timesteps=0").expect(2).says("timesteps", "0");
        run(folder.resolve("groups"), "models.model.groups=3").expect(2).says("groups", "expected one of 1, 2, 4, 8");
    }

    /** A judge that knows too little measures nothing, and what is not measured is not met. */
    @Test
    void aJudgeBelowItsFloorIsNotBelieved() throws IOException {
        Path out = folder.resolve("floor");
        run(out, "metrics.0.floor=1", "criteria=[{\"metric\": \"fid\", \"max\": 1000000}]")
                .expect(1);
        assertTrue(Files.readString(out.resolve("verdict.json")).contains("null"));
        assertTrue(Files.readString(out.resolve("ledger.jsonl")).contains("not evaluable"));
    }
}
