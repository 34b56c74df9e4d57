package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExplainCommandTest {
    private static final String FIRST = "../../../examples/experiments/first.json";

    private static final String[] SMALL = {
        FIRST,
        "--backend",
        "reference",
        "--set",
        "model.width=8",
        "--set",
        "model.layers=1",
        "--set",
        "data.characters=4000",
        "--set",
        "phases.0.batch=2"
    };

    private final ExplainCommand command =
            new ExplainCommand(FakeHost.standard().engine(), FakeHost.standard().terminal());

    private Printed small(String... more) {
        String[] all = java.util.Arrays.copyOf(SMALL, SMALL.length + more.length);
        System.arraycopy(more, 0, all, SMALL.length, more.length);
        return Printed.by(command, all);
    }

    @Test
    void everyProgramIsShownWithItsWorkAndMemory() {
        Printed printed = small();
        assertEquals(0, printed.code(), printed.err());
        assertTrue(printed.out().contains("program train: "), printed.out());
        assertTrue(printed.out().contains("program evaluate: "), printed.out());
        assertTrue(printed.out().contains("predicted memory"), printed.out());
        assertFalse(printed.out().contains("%1 ="), "a listing nobody asked for");
    }

    @Test
    void oneProgramWithItsListing() {
        Printed printed = small("--program", "evaluate", "--listing");
        assertEquals(0, printed.code(), printed.err());
        assertFalse(printed.out().contains("program train: "), printed.out());
        assertTrue(printed.out().contains(" = mat_mul("), printed.out());
    }

    @Test
    void aBackendWithoutSourceTextSaysSo() {
        assertFalse(small().out().contains("source"), "nobody asked");
        Printed printed = small("--source");
        assertEquals(0, printed.code(), printed.err());
        assertTrue(printed.out().contains("the backend reference has no source text"), printed.out());
    }

    @Test
    void jsonAddsUp() {
        JsonObject json = JsonParser.parseString(small("--json").out()).getAsJsonObject();
        JsonObject train = json.getAsJsonArray("programs").get(0).getAsJsonObject();
        long done = train.getAsJsonArray("kernels").asList().stream()
                .mapToLong(kernel -> kernel.getAsJsonObject().get("flops").getAsLong())
                .sum();
        long products = train.get("flops").getAsLong();
        assertTrue(products > 0 && products < done, done + " with elementwise functions");
        assertTrue(json.get("memoryBytes").getAsLong() > train.get("stateBytes").getAsLong());
        assertEquals(1000, json.get("steps").getAsLong());
    }

    /** What it says beforehand of a step is what a run counts. */
    @Test
    void aStepCostsWhatWasSaid(@TempDir Path folder) throws IOException {
        JsonObject json = JsonParser.parseString(small("--json").out()).getAsJsonObject();
        FakeHost host = FakeHost.standard();
        Printed run = Printed.by(
                new RunCommand(host.engine(), host.terminal(), () -> false),
                Stream.of(
                                SMALL,
                                new String[] {"--set", "phases.0.steps=1", "--out", folder + "/run", "--quiet"},
                                new String[] {"--set", "criteria=[]"})
                        .flatMap(Stream::of)
                        .toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        double step = Files.readAllLines(folder.resolve("run/metrics.jsonl")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(line -> line.has("cost/step"))
                .findFirst()
                .orElseThrow()
                .get("cost/step")
                .getAsDouble();
        assertEquals(
                step,
                json.getAsJsonArray("programs")
                        .get(0)
                        .getAsJsonObject()
                        .get("flops")
                        .getAsDouble());
    }

    @Test
    void aWiderModelTakesMore() {
        long narrow = memory(small("--json"));
        long wide = memory(small("--json", "--set", "model.width=16"));
        assertTrue(wide > narrow, wide + " and " + narrow);
    }

    private static long memory(Printed printed) {
        return JsonParser.parseString(printed.out())
                .getAsJsonObject()
                .get("memoryBytes")
                .getAsLong();
    }

    @Test
    void anUnknownProgramIsRefusedWithTheNearest() {
        Printed printed = small("--program", "trian");
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("did you mean 'train'?"), printed.err());
    }

    @Test
    void theWholeIsShownAsATable() {
        Printed printed = small("--set", "criteria=[{\"metric\": \"word-rate\", \"min\": 0.3}]");
        assertEquals(0, printed.code(), printed.err());
        for (String line : List.of(
                "DATA  ID              FIELDS .*",
                "data  template-world  i32 tokens.*",
                "tokenizer char, made for data",
                "MODEL  ID   PARAMETERS  STATISTICS .*",
                "model  gpt +\\d+ +0 .* pretrain    fresh weights  i32 tokens\\[batch,time]; .*",
                "PHASE     ID        STEPS  DATA .*",
                "pretrain  pretrain   1000  data data  model model .* MB",
                "SAMPLES  ID .*",
                "text     text  model model .*decoder sample  .*end.*",
                "METRIC .*",
                "word-rate +text .*",
                "CRITERIA",
                "0\\.3 <= word-rate")) {
            assertTrue(printed.out().lines().anyMatch(out -> out.matches(line)), line + "\nin\n" + printed.out());
        }
    }

    @Test
    void theLargestPhaseIsNamedAndTheRunTakesWhatItTakes() {
        Printed printed = small(
                "--json",
                "--set",
                "phases.+={\"id\": \"pretrain\", \"name\": \"large\", \"steps\": 2, \"batch\": 9, \"warmup\": 1}");
        assertEquals(0, printed.code(), printed.err());
        JsonObject json = JsonParser.parseString(printed.out()).getAsJsonObject();
        JsonObject phases = json.getAsJsonObject("memory").getAsJsonObject("phases");
        long small = phases.get("pretrain").getAsLong();
        long large = phases.get("large").getAsLong();
        assertTrue(small < large, phases.toString());
        assertEquals(large, json.get("memoryBytes").getAsLong(), "one after the other");
        String text = small(
                        "--set",
                        "phases.+={\"id\": \"pretrain\", \"name\": \"large\", \"steps\": 2, \"batch\": 9, \"warmup\":"
                                + " 1}")
                .out();
        assertTrue(text.lines().anyMatch(line -> line.matches("large .* MB, the most")), text);
        assertEquals(1, text.lines().filter(line -> line.contains("the most")).count());
    }

    @Test
    void whatIsDoneInAnotherWayThanWasAskedIsSaid() {
        assertEquals("", small("--set", "strict=true").err(), "the example has no silence");
        Printed printed = small("--set", "checkpointEvery=9000");
        assertEquals(0, printed.code(), printed.err());
        assertTrue(printed.err().contains("warning: $.checkpointEvery: 9000 is above the"), printed.err());
    }

    @Test
    void thePictureIsWrittenWhereItIsAskedFor(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("whole.svg");
        Printed printed = small("--picture", file.toString());
        assertEquals(0, printed.code(), printed.err());
        assertTrue(printed.out().contains("the picture: " + file), printed.out());
        String svg = Files.readString(file);
        assertTrue(svg.startsWith("<svg "), svg);
        assertTrue(svg.contains("pretrain trains model"), svg);
        Printed refused = small("--picture", folder.resolve("no/whole.svg").toString());
        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("--picture " + folder.resolve("no/whole.svg")), refused.err());
    }

    @Test
    void whoSetAValueIsToldWithoutAnythingBeingPrepared() {
        Printed one = small("--why", "phases.pretrain.warmup", "--data", "..");
        assertEquals(0, one.code(), one.err());
        assertTrue(one.out().startsWith("phases.pretrain.warmup = "), one.out());
        assertTrue(one.out().contains("it is: steps in which the learning rate rises"), one.out());
        assertTrue(
                small("--why", "model.width").out().contains("  --set model.width=8 (was "),
                "an option is told as it was typed");
        assertTrue(small("--why", "backend").out().contains("  --backend reference"), "and so are the others");
        Printed all = small("--why", "model");
        assertTrue(all.out().lines().findFirst().orElse("").matches("SETTING +VALUE +SET BY"), all.out());
        assertTrue(all.out().contains("model.dropout"), all.out());
        assertEquals(
                "FILE",
                JsonParser.parseString(small("--why", "phases.0.id", "--json").out())
                        .getAsJsonArray()
                        .get(0)
                        .getAsJsonObject()
                        .get("kind")
                        .getAsString());
    }

    @Test
    void anUnknownPathIsRefusedWithTheNearest() {
        Printed printed = small("--why", "model.widht");
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("did you mean 'width'?"), printed.err());
    }

    @Test
    void withoutAnExperimentItSaysWhatToType() {
        Printed printed = Printed.by(command);
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("do: ./kolotoc explain"), printed.err());
    }
}
