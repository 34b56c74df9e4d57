package org.kolotoc.eval.arena.rating;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.nn.statistics.Interval;
import org.kolotoc.tck.GoldenFile;

/** Strengths, intervals and ranks beside those of other implementations. */
class StatisticsGoldenTest {
    private static final String PART = "bradley_terry";
    /** Parts of the file that are no results. */
    private static final Set<String> ABOUT = Set.of("made_with", "note", "tolerance");

    /** Parts that the suites, or the judges of pictures, are held against. */
    private static final Set<String> ELSEWHERE = Set.of("fid", "pictures", "ranks", "texts");

    private final GoldenFile golden = GoldenFile.of("statistics");
    private final double tolerance = tolerance(golden.json().get("tolerance"));

    @TestFactory
    Stream<DynamicTest> everyPart() {
        return golden.json().keySet().stream()
                .filter(part -> !ABOUT.contains(part) && !ELSEWHERE.contains(part))
                .flatMap(part -> switch (part) {
                    case PART ->
                        Stream.of(
                                DynamicTest.dynamicTest("strengths", this::strengths),
                                DynamicTest.dynamicTest("davidson", this::davidson),
                                DynamicTest.dynamicTest("bootstrap", this::bootstrap));
                    case "bootstrap_mean" -> Stream.of(DynamicTest.dynamicTest(part, this::bootstrapOfMean));
                    default -> Stream.of(GoldenFile.notEvaluated(part, "no rating and no interval"));
                });
    }

    /** Within the tolerance of numbers of which the file has nine digits. */
    private void assertClose(double[] expected, double[] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], tolerance + 5e-9 * Math.abs(expected[i]), "number " + i);
        }
    }

    private static double tolerance(JsonElement stated) {
        Matcher number = Pattern.compile("\\d+(\\.\\d+)?e-\\d+").matcher(stated.getAsString());
        if (!number.find()) {
            throw new IllegalStateException("no tolerance in " + stated);
        }
        return Double.parseDouble(number.group());
    }

    private JsonObject part() {
        return golden.json().getAsJsonObject(PART);
    }

    private Battles battles() {
        List<Battle> battles = new ArrayList<>();
        for (JsonElement vote : part().getAsJsonArray("votes")) {
            JsonArray of = vote.getAsJsonArray();
            battles.add(new Battle(
                    of.get(0).getAsString(),
                    of.get(1).getAsString(),
                    Outcome.valueOf(of.get(2).getAsString().toUpperCase(Locale.ROOT))));
        }
        return Battles.of(battles);
    }

    /** From our order of models to the file's. */
    private double[] ordered(Battles battles, double... values) {
        return part().getAsJsonArray("names").asList().stream()
                .mapToDouble(name -> values[battles.models().indexOf(name.getAsString())])
                .toArray();
    }

    private void strengths() throws Undetermined {
        Battles battles = battles();
        Fit fit = BradleyTerry.with(Ties.HALF).fit(battles, false);
        int models = battles.models().size();
        double[] wins = GoldenFile.numbers(part().get("wins"));
        for (int i = 0; i < models; i++) {
            double[] row = ordered(battles, battles.points()[battles.models().indexOf(name(i))]);
            assertArrayEquals(Arrays.copyOfRange(wins, i * models, (i + 1) * models), row);
        }
        assertClose(numbers("strengths"), ordered(battles, fit.strengths()));
        assertClose(numbers("elo"), ordered(battles, fit.scores()));
        assertClose(numbers("standard_errors"), ordered(battles, fit.standardErrors()));
        assertClose(new double[] {part().get("log_likelihood").getAsDouble()}, new double[] {fit.logLikelihood()});
    }

    private String name(int i) {
        return part().getAsJsonArray("names").get(i).getAsString();
    }

    private double[] numbers(String name) {
        return GoldenFile.numbers(part().get(name));
    }

    private void davidson() throws Undetermined {
        JsonObject expected = part().getAsJsonObject("davidson");
        double own = tolerance(expected.get("rule"));
        Battles battles = battles();
        Fit fit = BradleyTerry.with(Ties.DAVIDSON).fit(battles, false);
        assertArrayEquals(GoldenFile.numbers(expected.get("strengths")), ordered(battles, fit.strengths()), own);
        assertEquals(expected.get("nu").getAsDouble(), fit.nu(), own);
    }

    private void bootstrap() throws Undetermined {
        JsonObject expected = part().getAsJsonObject("bootstrap");
        JsonArray index = expected.getAsJsonArray("index");
        Battles battles = battles();
        BradleyTerry model = BradleyTerry.with(Ties.HALF);
        Bootstrap samples = Bootstrap.of(
                model,
                battles,
                false,
                model.fit(battles, false),
                index.size(),
                sample -> times(index.get(sample), battles.size()));
        assertEquals(0, samples.undetermined());
        double[] all = GoldenFile.numbers(expected.get("strengths"));
        int models = battles.models().size();
        for (int sample = 0; sample < index.size(); sample++) {
            assertArrayEquals(
                    Arrays.copyOfRange(all, sample * models, (sample + 1) * models),
                    ordered(battles, samples.strengths().get(sample)),
                    tolerance);
        }
        JsonObject percentiles = expected.getAsJsonObject("percentiles");
        for (String percent : percentiles.keySet()) {
            double[] found = new double[models];
            for (int i = 0; i < models; i++) {
                int which = i;
                found[i] = Interval.percentile(
                        Double.parseDouble(percent) / 100,
                        samples.strengths().stream()
                                .mapToDouble(sample -> sample[which])
                                .toArray());
            }
            assertArrayEquals(
                    GoldenFile.numbers(percentiles.get(percent)), ordered(battles, found), tolerance, percent);
        }
        Intervals intervals = samples.intervals();
        assertArrayEquals(GoldenFile.numbers(percentiles.get("2.5")), ordered(battles, intervals.lower()), tolerance);
        assertArrayEquals(GoldenFile.numbers(percentiles.get("97.5")), ordered(battles, intervals.upper()), tolerance);
        assertArrayEquals(
                GoldenFile.numbers(expected.get("ranks")),
                ordered(
                        battles,
                        Arrays.stream(intervals.ranks()).asDoubleStream().toArray()));
    }

    private static int[] times(JsonElement index, int battles) {
        int[] times = new int[battles];
        for (int battle : GoldenFile.integers(index)) {
            times[battle]++;
        }
        return times;
    }

    private void bootstrapOfMean() {
        JsonObject expected = golden.json().getAsJsonObject("bootstrap_mean");
        double[] values = GoldenFile.numbers(expected.get("values"));
        double[] means = expected.getAsJsonArray("index").asList().stream()
                .mapToDouble(sample -> Arrays.stream(GoldenFile.integers(sample))
                        .mapToDouble(i -> values[i])
                        .average()
                        .orElseThrow())
                .toArray();
        JsonObject percentiles = expected.getAsJsonObject("percentiles");
        assertFalse(percentiles.isEmpty());
        percentiles
                .asMap()
                .forEach((percent, value) -> assertEquals(
                        value.getAsDouble(),
                        Interval.percentile(Double.parseDouble(percent) / 100, means),
                        tolerance,
                        percent));
    }
}
