package org.kolotoc.engine.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.TestFiles;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.profile.Profile;
import org.kolotoc.engine.report.Report;
import org.kolotoc.engine.run.Console;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Hash;

/**
 * A real run's folder with every value of every JSON in it broken, one at a time. Whoever reads it says so in words or can
 * do without; nothing else is ever thrown. What a reader takes is given to a run that goes on, as far as there is time.
 */
final class BrokenRunTest {
    /** So many of all are tried of each file, drawn by chance, which is the same each time; there are up to a thousand. */
    private static final int TRIED = 60;

    /** Of what readers take, so many of each file go on. */
    private static final int GO_ON = 3;

    @TempDir
    static Path folder;

    private static Console console;
    private static Path whole;
    private final Path run = folder.resolve("run");

    /** Steps 0 to 2 with samples, criteria and a verdict; checkpoints of both steps. */
    @BeforeAll
    static void finishedRun() throws IOException {
        console = new Console(folder);
        console.write(Console.SMALL
                .replace("\"steps\": 12", "\"steps\": 2")
                .replace("\"checkpointEvery\": 5", "\"checkpointEvery\": 1, \"controls\": false")
                .replace("\"evaluateAt\": [0, 4, 10]", "\"evaluateAt\": [1]")
                .replace("\"at\": [0, 4]", "\"at\": [1]")
                .replace("\"metrics\"", "\"criteria\": [{\"metric\": \"loss/validation\", \"max\": 9}], \"metrics\""));
        Console.Answer first = console.small("whole", "--quiet");
        assertEquals(0, first.code(), first.err());
        whole = console.out("whole");
        assertEquals(
                130,
                console.run(
                                Console.before(1),
                                "--quiet",
                                "--resume",
                                whole.toString(),
                                "--from",
                                "1",
                                "--set",
                                "evaluateAt=[0]")
                        .code());
        assertTrue(Files.readString(whole.resolve("run.json")).contains("changes"));
        assertEquals(
                0,
                console.run(() -> false, "--quiet", "--resume", whole.toString())
                        .code());
    }

    private interface Reader {
        void read() throws IOException;
    }

    private interface Breaking {
        void put(String mutant) throws IOException;
    }

    /** Breaks a file in every way, has it read, and lets what was taken go on. */
    private void broken(String json, Breaking breaking, Reader reader) throws IOException {
        List<String> taken = new ArrayList<>();
        restore();
        List<String> mutants = Mutants.of(json);
        Collections.shuffle(mutants, new Random(mutants.size()));
        for (String mutant : mutants.subList(0, Math.min(TRIED, mutants.size()))) {
            breaking.put(mutant);
            try {
                reader.read();
                taken.add(mutant);
            } catch (InputError e) {
                assertTrue(e.getMessage().contains(run.toString()), "names the file: " + e.getMessage());
                assertFalse(e.getMessage().contains("Exception"), e.getMessage());
                assertFalse(e.next().isEmpty(), e.getMessage());
            } catch (RuntimeException e) {
                throw new AssertionError("of " + shown(mutant), e);
            }
        }
        assertTrue(mutants.size() > 60, mutants.size() + " mutants");
        for (String mutant : taken.subList(0, Math.min(GO_ON, taken.size()))) {
            restore();
            breaking.put(mutant);
            Console.Answer answer = console.run(() -> false, "--quiet", "--resume", run.toString(), "--from", "1");
            assertTrue(List.of(0, 1, 2).contains(answer.code()), () -> shown(mutant) + "\n" + answer.err());
            assertFalse(answer.err().contains("Exception"), answer.err());
        }
    }

    private static String shown(String mutant) {
        return mutant.length() > 4000 ? mutant.substring(0, 4000) + "..." : mutant;
    }

    private void restore() throws IOException {
        if (Files.exists(run)) {
            TestFiles.delete(run);
        }
        try (var tree = Files.walk(whole)) {
            for (Path path : tree.toList()) {
                Files.copy(path, run.resolve(whole.relativize(path)));
            }
        }
    }

    private static String text(String file) throws IOException {
        return Files.readString(whole.resolve(file));
    }

    private void plainly(String file, Reader reader) throws IOException {
        broken(text(file), mutant -> Files.writeString(run.resolve(file), mutant), reader);
    }

    @Test
    void runJson() throws IOException {
        plainly("run.json", () -> RunFolder.existing(run).close());
    }

    @Test
    void experimentJson() throws IOException {
        plainly(
                "experiment.json",
                () -> ExperimentFile.read(run.resolve("experiment.json")).experiment());
    }

    @Test
    void lockJson() throws IOException {
        plainly("lock.json", () -> Report.write(run));
    }

    @Test
    void profileJson() throws IOException {
        Profile.Kernel kernel = new Profile.Kernel("train", "fused", "block0.add", "f32[2]", 1, 30, 1.5, 3, 100, 200);
        Profile.Phase phase = new Profile.Phase("pretrain", 30, 2, List.of(kernel));
        new Profile(Profile.SCHEMA, "small", "reference", "a device", List.of(phase)).write(whole);
        plainly("profile.json", () -> Report.write(run));
    }

    @Test
    void verdictJson() throws IOException {
        plainly("verdict.json", () -> Report.write(run));
    }

    /** With a seal that fits, so that it is not the seal that refuses it. */
    @Test
    void checkpointJson() throws IOException {
        String file = "checkpoints/step-00000001/checkpoint.json";
        JsonObject json = JsonParser.parseString(text(file)).getAsJsonObject();
        json.remove("seal");
        broken(
                json.toString(),
                mutant -> Files.writeString(run.resolve(file), sealed(mutant)),
                () -> new Checkpoints(run).read(Optional.of(1L)));
    }

    private static String sealed(String mutant) {
        int end = mutant.lastIndexOf('}');
        if (end <= 1) {
            return mutant;
        }
        // The seal is of the text without spaces that is hashed as it stands, also where a field is there twice.
        String seal = Hash.of(mutant.getBytes(StandardCharsets.UTF_8));
        return mutant.substring(0, end) + ",\"seal\":\"" + seal + "\"" + mutant.substring(end);
    }

    @Test
    void metrics() throws IOException {
        List<String> lines = text("metrics.jsonl").lines().toList();
        assertEquals(5, lines.size());
        for (int line : new int[] {0, 1}) {
            broken(
                    lines.get(line),
                    mutant -> {
                        List<String> changed = new ArrayList<>(lines);
                        changed.set(line, mutant.replace("\n", " "));
                        String text = String.join("\n", changed) + "\n";
                        Files.writeString(run.resolve("metrics.jsonl"), text);
                        // All but the last two lines belong to the checkpoint.
                        byte[] mine =
                                (String.join("\n", changed.subList(0, 3)) + "\n").getBytes(StandardCharsets.UTF_8);
                        TestFiles.reseal(run.resolve("checkpoints/step-00000001/checkpoint.json"), json -> {
                            JsonObject seal = json.getAsJsonObject("metrics");
                            seal.addProperty("bytes", mine.length);
                            seal.addProperty("sha256", Hash.of(mine));
                        });
                    },
                    () -> Report.write(run));
        }
    }

    /** With hashes that fit, so that it is not they that refuse it. */
    @Test
    void headerOfTheTensors() throws IOException {
        Path checkpoint = run.resolve("checkpoints/step-00000001");
        byte[] file = Files.readAllBytes(whole.resolve("checkpoints/step-00000001/state.safetensors"));
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] elements = Arrays.copyOfRange(file, 8 + length, file.length);
        JsonObject header = JsonParser.parseString(new String(file, 8, length, StandardCharsets.UTF_8))
                .getAsJsonObject();
        JsonObject some = new JsonObject();
        List.copyOf(header.keySet()).subList(0, 3).forEach(name -> some.add(name, header.remove(name)));
        String rest = header.toString().substring(1);
        broken(
                some.toString(),
                mutant -> {
                    String joined = mutant.endsWith("}") && mutant.length() > 2
                            ? mutant.substring(0, mutant.length() - 1) + "," + rest
                            : mutant;
                    byte[] text = joined.getBytes(StandardCharsets.UTF_8);
                    byte[] content = ByteBuffer.allocate(8 + text.length + elements.length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(text.length)
                            .put(text)
                            .put(elements)
                            .array();
                    Files.write(checkpoint.resolve("state.safetensors"), content);
                    TestFiles.reseal(
                            checkpoint.resolve("checkpoint.json"),
                            json -> json.addProperty("sha256", Hash.of(content)));
                },
                () -> new Checkpoints(run).read(Optional.of(1L)));
    }
}
