package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example that compares a GAN with diffusion, shortened to seconds, in the real container. */
class ComparisonTest {
    private static final Path EXAMPLE = Assembled.PROJECT.resolve("examples/comparisons/gan-vs-diffusion.json");

    /** Of all measures of cost the claims are about the same programs as in the example; steps and samples are fewer. */
    private static final List<String> SHORT = List.of(
            "phases.0.steps=20",
            "phases.1.steps=2",
            "samples.0.at=[]",
            "samples.0.count=1",
            "samples.0.examples=20",
            "data.pictures=1000",
            "data.heldOut=100");

    @TempDir
    Path folder;

    private Launch.Result compare(String... more) throws IOException {
        List<Object> line =
                new ArrayList<>(List.of("compare", folder.resolve("short.json"), "--out", folder.resolve("out")));
        SHORT.forEach(set -> line.addAll(List.of("--set", set)));
        line.addAll(List.of(more));
        return Launch.start(line.toArray()).end();
    }

    private JsonObject claim(int place) throws IOException {
        return JsonParser.parseString(Files.readString(folder.resolve("out/comparison.json")))
                .getAsJsonObject()
                .getAsJsonArray("claims")
                .get(place)
                .getAsJsonObject();
    }

    /** What both sides have as much of in the example is not so after two steps of each, but for the parameters. */
    @Test
    void costsAreComparedOfSidesAsLargeAsEachOther() throws IOException {
        String whole = Files.readString(EXAMPLE);
        Files.writeString(
                folder.resolve("short.json"), whole.replace("{\"measures\": [\"cost/flops\", ", "{\"measures\": ["));
        Launch.Result judged = compare().expect(1);
        assertTrue(judged.out().contains("ok   many/cost/parameters: gan "), judged.out());
        assertTrue(judged.out().contains("0.4 % apart (at most 10)"), judged.out());
        assertEquals("confirmed", claim(0).get("verdict").getAsString(), judged.out());
        double times = claim(0).getAsJsonObject("interval").get("low").getAsDouble();
        assertTrue(times > 1000, "a hundred evaluations of a network whose one is dearer: " + times);
        assertFalse(judged.out().contains("not comparable"), "both sides have the same judge");
        String page = Files.readString(folder.resolve("out/comparison.html"));
        for (String part : List.of(
                "<td>many/cost/calls</td><td>1</td><td>100</td>",
                "data:image/png;base64,",
                "<td>phases.adversarial.r1</td><td>0")) {
            assertTrue(page.contains(part), part);
        }

        Files.writeString(folder.resolve("short.json"), whole);
        Launch.Result unfair = compare().expect(1);
        assertTrue(unfair.out().contains("verdict: void, both sides did not have as much: cost/flops"), unfair.out());
        assertFalse(unfair.out().contains("[1/10]"), unfair.out());
        for (JsonElement each : List.of(claim(0), claim(4))) {
            assertEquals("void", each.getAsJsonObject().get("verdict").getAsString());
        }
    }

    @Test
    void whoRunsItIsToldWhatItIs() throws IOException {
        for (String command : List.of("run", "plan", "explain")) {
            Launch.run(command, EXAMPLE).expect(2).says("is a comparison", "./kolotoc compare " + EXAMPLE);
        }
        Launch.run("compare", Assembled.PROJECT.resolve("examples/experiments/first.json"))
                .expect(2)
                .says("is an experiment, and no comparison", "./kolotoc run ");
        Launch.Result claims = Launch.run("list").expect(0);
        for (String id : List.of("difference", "ratio", "failures", "spread", "reach")) {
            assertTrue(
                    claims.out().lines().anyMatch(line -> line.contains("claim") && line.contains(id)), claims.out());
        }
    }
}
