package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.data.TemplateWorldSource;

/** What judges get to see: samples of the run, each of its own, and controls that are what they are called. */
final class JudgedTest {
    private static final int COUNT = 6;
    private static final int LENGTH = 40;

    @TempDir
    Path folder;

    /** Keeps what it is asked to judge. */
    private static final class Witness implements Metric<Settings.None> {
        private final List<List<String>> judged = new ArrayList<>();
        private Text training;

        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public List<Measure> measures(Settings.None settings) {
            return List.of(Measure.evaluation("witness", "", Measure.Better.HIGHER));
        }

        @Override
        public void measure(Settings.None settings, List<Sample> samples, ProgramContext context, Measurements out) {
            judged.add(samples.stream().map(Sample::text).toList());
            training = ((TextDataset) context.data()).text("train");
            out.put("witness", judged.size());
        }
    }

    /** Samples after steps 0, 4 and 12 of weights that stay as they are, then controls. */
    private Witness witness() throws IOException {
        Console console = new Console(folder);
        Witness witness = new Witness();
        console.framework().seat(Seat.METRIC, "witness", witness);
        console.write(Console.SMALL
                .replaceFirst(
                        "\"metrics\".*]",
                        "\"metrics\": [{\"id\": \"witness\"}], \"criteria\": [{\"metric\": \"witness\", \"max\": 3}]")
                .replace("\"learningRate\": 0.01", "\"learningRate\": 0, \"minLearningRate\": 0")
                .replace("\"count\": 2, \"length\": 12", "\"count\": " + COUNT + ", \"length\": " + LENGTH));
        Console.Answer answer = console.small("run", "--quiet");
        assertEquals(1, answer.code(), "void, since untrained weights are judged by what they wrote: " + answer.err());
        assertFalse(answer.err().contains("worse than"), "weights that stay are not worse: " + answer.err());
        return witness;
    }

    @Test
    void everySampleIsOneOfItsOwnAndOnDisk() throws IOException {
        List<List<String>> judged = witness().judged;
        assertEquals(
                6, judged.size(), "three times samples, then constant, replayed and shuffled ones, by their names");
        Set<String> all = new HashSet<>();
        judged.subList(0, 3).forEach(all::addAll);
        assertEquals(3 * COUNT, all.size(), "no two are the same: " + judged.subList(0, 3));
        List<String> steps = List.of("step-00000000", "step-00000004", "step-00000012");
        for (int i = 0; i < steps.size(); i++) {
            for (int number = 0; number < COUNT; number++) {
                Path file =
                        folder.resolve("runs/run/samples").resolve(steps.get(i)).resolve(number + ".txt");
                assertEquals(judged.get(i).get(number), Files.readString(file));
                assertEquals(LENGTH, judged.get(i).get(number).length());
            }
        }
    }

    @Test
    void controlsAreWhatTheyAreCalled() throws IOException {
        Witness witness = witness();
        List<String> last = witness.judged.get(2);
        List<String> constant = witness.judged.get(3);
        List<String> replayed = witness.judged.get(4);
        List<String> shuffled = witness.judged.get(5);
        String training = witness.training.excerpt(0, (int) witness.training.length());
        for (int i = 0; i < COUNT; i++) {
            assertNotEquals(last.get(i), shuffled.get(i));
            assertEquals(sorted(last.get(i)), sorted(shuffled.get(i)), "the letters stay");
            assertEquals(1, new HashSet<>(List.of(constant.get(i).split(" "))).size(), constant.get(i));
            assertEquals(commonest(training), constant.get(i).split(" ")[0], constant.get(i));
            assertEquals(LENGTH, replayed.get(i).length());
            assertTrue(training.contains(replayed.get(i)), replayed.get(i));
        }
        Set<Integer> places = new TreeSet<>();
        replayed.forEach(text -> places.add(training.indexOf(text)));
        assertEquals(COUNT, places.size(), "from different places of the text: " + places);
        assertTrue(
                places.stream().anyMatch(place -> place > training.length() / 2)
                        && places.stream().anyMatch(place -> place < training.length() / 2 && place > 0),
                "from all of it: " + places);
    }

    /** Data with controls that note when they are measured, in a map as a plugin may give it. */
    private record Controlled<S extends Record>(DataSource<S> source, List<String> names, List<String> noted)
            implements DataSource<S> {
        @Override
        public Class<S> settings() {
            return source.settings();
        }

        @Override
        public Dataset open(S settings, DataContext context) {
            Dataset data = source.open(settings, context);
            Map<String, Dataset> controls = names.stream()
                    .collect(Collectors.toUnmodifiableMap(name -> name, name -> with(data, name, Map.of())));
            return with(data, "", controls);
        }

        private Dataset with(Dataset data, String name, Map<String, Dataset> controls) {
            return (Dataset) Proxy.newProxyInstance(
                    JudgedTest.class.getClassLoader(), new Class<?>[] {TextDataset.class}, (_, method, arguments) -> {
                        if (method.getName().equals("controls")) {
                            return controls;
                        }
                        if (method.getName().equals("batches") && !name.isEmpty() && !noted.contains(name)) {
                            noted.add(name);
                        }
                        return method.invoke(data, arguments);
                    });
        }
    }

    @Test
    void controlsOfDataAreMeasuredInTheOrderOfTheirNames() throws IOException {
        Console console = new Console(folder);
        List<String> names = List.of("fir", "oak", "ash", "elm", "yew", "bay", "box", "fig", "tea");
        List<String> noted = new ArrayList<>();
        console.framework().seat(Seat.DATA, "controlled", new Controlled<>(new TemplateWorldSource(), names, noted));
        console.write(Console.SMALL
                .replace("template-world", "controlled")
                .replaceFirst(
                        "(?s),\\s*\"samples\".*", ", \"criteria\": [{\"metric\": \"loss/validation\", \"max\": 9}]}"));
        assertEquals(1, console.small("run", "--quiet").code(), "void, since they are no worse");
        assertEquals(names.stream().sorted().toList(), noted);
    }

    /** However a criterion points at the end of the run, a control has its own numbers there. */
    @Test
    void criteriaOfTheEndSeeTheControlHoweverTheyNameIt() throws IOException {
        Console console = new Console(folder);
        console.write(Console.SMALL.replaceFirst("(?s),\\s*\"samples\".*", "}"));
        assertEquals(0, console.small("run", "--quiet").code());
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(console.out("run").resolve("metrics.jsonl"))) {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            if (json.has("loss/validation")) {
                losses.add(json.get("loss/validation").getAsDouble());
            }
        }
        double between = (losses.getFirst() + losses.getLast()) / 2;
        List<String> criteria = List.of(
                "{\"metric\": \"loss/validation\", \"max\": " + between + "}",
                "{\"metric\": \"loss/validation\", \"step\": 12, \"max\": " + between + "}",
                "{\"metric\": \"loss/validation\", \"trend\": \"falling\"}",
                "{\"metric\": \"loss/validation\", \"min\": " + losses.getLast() + ", \"max\": " + losses.getLast()
                        + "}");
        for (int i = 0; i < criteria.size(); i++) {
            console.small("judged" + i, "--quiet", "--set", "criteria=[" + criteria.get(i) + "]");
            JsonObject verdict = JsonParser.parseString(
                            Files.readString(console.out("judged" + i).resolve("verdict.json")))
                    .getAsJsonObject();
            assertTrue(
                    verdict.getAsJsonArray("criteria")
                            .get(0)
                            .getAsJsonObject()
                            .get("holds")
                            .getAsBoolean(),
                    "the run itself keeps it: " + verdict);
            assertTrue(
                    verdict.getAsJsonObject("controlsRefusedBy")
                            .get("untrained")
                            .isJsonPrimitive(),
                    criteria.get(i) + " lets untrained weights pass: " + verdict);
        }
    }

    /** The word of three letters or more that stands there most often. */
    private static String commonest(String text) {
        Map<String, Integer> counts = new TreeMap<>();
        Matcher words = Pattern.compile("\\p{L}{3,}").matcher(text);
        while (words.find()) {
            counts.merge(words.group(), 1, Integer::sum);
        }
        int most = Collections.max(counts.values());
        return counts.entrySet().stream()
                .filter(word -> word.getValue() == most)
                .map(Map.Entry::getKey)
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private static String sorted(String text) {
        int[] letters = text.codePoints().sorted().toArray();
        return new String(letters, 0, letters.length);
    }

    /** All held-out text counts, once: only the training depends on the batch. */
    @Test
    void theFirstLossDoesNotDependOnTheBatch() throws IOException {
        Console console = new Console(folder);
        console.write(Console.SMALL.replace("\"evaluationBatches\": 2", "\"evaluationSequences\": 0"));
        Set<Double> losses = new TreeSet<>();
        for (String batch : List.of("1", "2", "4", "25", "99")) {
            Console.Answer answer = console.small(
                    "batch" + batch,
                    "--quiet",
                    "--set",
                    "phases.0.steps=1",
                    "--set",
                    "samples=null",
                    "--set",
                    "phases.0.batch=" + batch);
            assertEquals(0, answer.code(), answer.err());
            losses.add(JsonParser.parseString(
                            Files.readAllLines(console.out("batch" + batch).resolve("metrics.jsonl"))
                                    .getFirst())
                    .getAsJsonObject()
                    .get("loss/validation")
                    .getAsDouble());
        }
        double least = losses.iterator().next();
        losses.forEach(loss -> assertEquals(least, loss, 1e-6 * least, losses::toString));
    }
}
