package org.kolotoc.phase.pretrain.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.tck.GoldenFile;

/** Rows written of given decisions, beside those of another implementation; a case is known by the decisions that it gives. */
class MaskingGoldenTest {
    /** The label of a token that has not to be predicted. */
    private static final int NOT_SAID = -100;

    private static final Pattern END = Pattern.compile("\\bend \\((\\d+)\\)");

    /** Where a case has its decisions, and who writes the row of them. */
    private enum Kind {
        SPAN("noise") {
            @Override
            Map<String, int[]> written(JsonObject given) {
                int[] text = ints(given, "tokens");
                int first = given.get("first_sentinel").getAsInt();
                SpanCorruption corruption = new SpanCorruption(
                        new SpanSettings(0.15, 3, "", ""),
                        IntStream.rangeClosed(0, text.length)
                                .map(i -> first - i)
                                .toArray(),
                        text.length,
                        end(given).orElseThrow(),
                        new Rewriting(0, text.length + 1, 2 * text.length + 2));
                Rows row = Rows.empty(corruption);
                corruption.take(text, text, flags(given, "noise"), row);
                return Map.of(
                        "input", array(row.present("source", "present")),
                        "target", array(row.present("targets", "weights")));
            }
        },
        MASKED("chosen") {
            @Override
            Map<String, int[]> written(JsonObject given) {
                int[] text = ints(given, "tokens");
                boolean[] chosen = flags(given, "chosen");
                int[] others = ints(given, "random_tokens");
                List<Masking.Hidden> hidden = IntStream.range(0, text.length)
                        .filter(i -> chosen[i])
                        .mapToObj(i -> new Masking.Hidden(i, fate(given, i), others[i]))
                        .toList();
                Masking masking = new Masking(
                        new MaskedSettings(0.15, 0.8, 0.1, "", MaskedSettings.Masks.DYNAMIC, false),
                        given.get("mask_id").getAsInt(),
                        new int[1],
                        text.length,
                        Masking.Shown.ALL);
                Rows row = Rows.empty(masking);
                masking.hide(text, text, text.length, hidden, row);
                int[] labels = row.ints("targets");
                Arrays.setAll(labels, i -> row.floats("weights")[i] == 0 ? NOT_SAID : labels[i]);
                return Map.of("input", row.ints("tokens"), "labels", labels);
            }
        },
        INFILLING("spans") {
            @Override
            Map<String, int[]> written(JsonObject given) {
                List<Infilling.Span> spans = parts(given, "spans")
                        .map(span -> new Infilling.Span(span[0], span[1]))
                        .toList();
                return output(Infilling.masked(
                        ints(given, "tokens"), spans, given.get("mask_id").getAsInt()));
            }

            @Override
            void change(JsonArray decisions, int which) {
                decisions.remove(which);
            }
        },
        DELETION("delete") {
            @Override
            Map<String, int[]> written(JsonObject given) {
                return output(Infilling.without(ints(given, "tokens"), flags(given, "delete")));
            }
        },
        PERMUTATION("order") {
            @Override
            Map<String, int[]> written(JsonObject given) {
                List<Integer> text = new ArrayList<>();
                List<Integer> begins = new ArrayList<>();
                parts(given, "sentences").forEach(sentence -> {
                    begins.add(text.size());
                    IntStream.of(sentence).forEach(text::add);
                });
                return output(Infilling.reordered(array(text), array(begins), ints(given, "order")));
            }

            /** Changes places with the one before it. */
            @Override
            void change(JsonArray decisions, int which) {
                int before = (which + decisions.size() - 1) % decisions.size();
                decisions.set(before, decisions.set(which, decisions.get(before)));
            }
        };

        private final String decisions;

        Kind(String decisions) {
            this.decisions = decisions;
        }

        /** The fields of the row. */
        abstract Map<String, int[]> written(JsonObject given);

        /** Another decision in the place of one: a token that was taken is not, or the other way round. */
        void change(JsonArray all, int which) {
            all.set(which, new JsonPrimitive(1 - all.get(which).getAsInt()));
        }
    }

    @TestFactory
    Stream<DynamicTest> everyCase() {
        return tests("", GoldenFile.of("masking").json().getAsJsonObject("cases"));
    }

    /** Those of a case, or of each case of a kind. */
    private static Stream<DynamicTest> tests(String name, JsonObject given) {
        for (Kind kind : Kind.values()) {
            if (given.has(kind.decisions)) {
                return tests(name, kind, given);
            }
        }
        return !given.isEmpty() && given.asMap().values().stream().allMatch(JsonElement::isJsonObject)
                ? given.entrySet().stream()
                        .flatMap(each -> tests(
                                (name + " " + each.getKey()).strip(),
                                each.getValue().getAsJsonObject()))
                : Stream.of(GoldenFile.notEvaluated(name, "nothing hides tokens so"));
    }

    private static Stream<DynamicTest> tests(String name, Kind kind, JsonObject given) {
        if (kind == Kind.SPAN && end(given).isEmpty()) {
            return Stream.of(GoldenFile.notEvaluated(name, "its rule names no end"));
        }
        return Stream.of(
                DynamicTest.dynamicTest(
                        name,
                        () -> kind.written(given)
                                .forEach((field, row) -> assertArrayEquals(ints(given, field), row, field))),
                DynamicTest.dynamicTest(name + ", one decision changed", () -> {
                    int decisions = given.getAsJsonArray(kind.decisions).size();
                    for (int which = 0; which < decisions; which++) {
                        JsonObject other = given.deepCopy();
                        kind.change(other.getAsJsonArray(kind.decisions), which);
                        assertFalse(
                                kind.written(other).entrySet().stream()
                                        .allMatch(row -> Arrays.equals(ints(given, row.getKey()), row.getValue())),
                                "another decision " + which + " gives the same row");
                    }
                }));
    }

    /** The token that a rule names, as in «then end (1)». */
    private static Optional<Integer> end(JsonObject given) {
        return Optional.ofNullable(given.get("rule")).map(JsonElement::getAsString).stream()
                .flatMap(rule -> END.matcher(rule).results())
                .map(end -> Integer.valueOf(end.group(1)))
                .findFirst();
    }

    /** What is newly chosen by a change was given no fate: it stays. */
    private static Masking.Fate fate(JsonObject given, int at) {
        JsonElement decision = given.getAsJsonArray("decision").get(at);
        return decision.isJsonNull()
                ? Masking.Fate.KEEP
                : Masking.Fate.valueOf(decision.getAsString().toUpperCase(Locale.ROOT));
    }

    private static int[] ints(JsonObject given, String field) {
        return GoldenFile.integers(given.get(field));
    }

    private static boolean[] flags(JsonObject given, String field) {
        int[] numbers = ints(given, field);
        boolean[] flags = new boolean[numbers.length];
        IntStream.range(0, flags.length).forEach(i -> flags[i] = numbers[i] != 0);
        return flags;
    }

    private static Stream<int[]> parts(JsonObject given, String field) {
        return StreamSupport.stream(given.getAsJsonArray(field).spliterator(), false)
                .map(GoldenFile::integers);
    }

    private static Map<String, int[]> output(int[] row) {
        return Map.of("output", row);
    }

    private static int[] array(List<Integer> tokens) {
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }
}
