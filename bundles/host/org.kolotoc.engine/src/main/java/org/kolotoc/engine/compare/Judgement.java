package org.kolotoc.engine.compare;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.kolotoc.api.claim.Finding;

/**
 * What runs say of a comparison.
 *
 * @param name of the comparison
 * @param sides names of both
 * @param trained runs that came to an end
 * @param wanted runs that there are to be
 * @param balances what both sides have to have as much of
 * @param judged claims with what was found; of a void comparison nothing was
 * @param costs of both sides
 * @param differences of the sides' settings
 */
public record Judgement(
        String name,
        List<String> sides,
        int trained,
        int wanted,
        List<Balance> balances,
        List<Judged> judged,
        List<Cost> costs,
        List<Difference> differences) {
    /** File with all of it. */
    public static final String FILE = "comparison.json";

    /** Page with all of it. */
    public static final String PAGE = "comparison.html";

    /** What is said of a comparison that is unfair. */
    private static final String VOID = "void";

    public Judgement {
        sides = List.copyOf(sides);
        balances = List.copyOf(balances);
        judged = List.copyOf(judged);
        costs = List.copyOf(costs);
        differences = List.copyOf(differences);
    }

    /**
     * A measure of which both sides have to have as much.
     *
     * @param values mean over the seeds, by side
     * @param apart the largest difference of a pair, as a share of the larger one; nothing where it is not known of every pair
     * @param unknown why it is not known; empty where it is
     * @param within how much that may be
     */
    public record Balance(
            String measure, Map<String, Double> values, OptionalDouble apart, String unknown, double within) {
        /** Whether it is known to be fair. */
        public boolean holds() {
            return apart.isPresent() && apart.getAsDouble() <= within;
        }

        /** Whether it is known to be unfair. */
        boolean isBroken() {
            return apart.isPresent() && apart.getAsDouble() > within;
        }

        /** {@code cost/flops: gan 1.52e+12, diffusion 1.518e+12, 0.6 % apart}. */
        public String text() {
            return measure + ": "
                    + (values.isEmpty() ? "no run has it" : means())
                    + (apart.isPresent()
                            ? String.format(
                                    Locale.ROOT,
                                    ", %.1f %% apart (at most %.0f)",
                                    100 * apart.getAsDouble(),
                                    100 * within)
                            : ", not known: " + unknown);
        }

        private String means() {
            return values.entrySet().stream()
                    .map(entry -> entry.getKey() + " " + number(entry.getValue()))
                    .collect(Collectors.joining(", "));
        }
    }

    /** A claim, in words, and what was found of it. */
    public record Judged(String claim, String favours, Finding finding) {}

    /**
     * What something costs on both sides, in the mean over the seeds.
     *
     * @param unit of the numbers
     * @param values by side; a side that does not have it is left out
     */
    public record Cost(String what, String unit, Map<String, Double> values) {}

    /**
     * A setting in which the sides differ.
     *
     * @param path in the experiment
     * @param values as JSON, by side; a side that does not have it is left out
     */
    public record Difference(String path, Map<String, String> values) {}

    /** Whether the sides had not as much of what is asked, so that nothing follows from it. */
    public boolean isVoid() {
        return balances.stream().anyMatch(Balance::isBroken);
    }

    /** Whether the sides are known to have had as much, in all of it. */
    private boolean isFair() {
        return balances.stream().allMatch(Balance::holds);
    }

    /** Whether every run is there and every claim is confirmed. */
    public boolean isConfirmed() {
        return isFair()
                && trained == wanted
                && judged.stream().allMatch(claim -> claim.finding().verdict() == Finding.Verdict.CONFIRMED);
    }

    /** {@code 2 confirmed, 1 refuted, 1 undecided}. */
    public String summary() {
        String verdict = isVoid()
                ? VOID + ", both sides did not have as much: "
                        + balances.stream()
                                .filter(Balance::isBroken)
                                .map(Balance::text)
                                .collect(Collectors.joining("; "))
                : Arrays.stream(Finding.Verdict.values())
                        .map(kind -> Map.entry(
                                kind,
                                judged.stream()
                                        .filter(claim -> claim.finding().verdict() == kind)
                                        .count()))
                        .filter(entry -> entry.getValue() > 0)
                        .map(entry -> entry.getValue() + " " + entry.getKey().label())
                        .collect(Collectors.joining(", "));
        return verdict + (trained < wanted ? "; " + trained + " of " + wanted + " runs are there" : "");
    }

    /** {@code comparison.json} on one line. */
    public String line() {
        return new GsonBuilder().disableHtmlEscaping().serializeNulls().create().toJson(json());
    }

    /** {@code comparison.json}. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("schema", "kolotoc.judgement/1");
        json.addProperty("name", name);
        json.addProperty("void", isVoid());
        json.addProperty("runs", trained);
        json.addProperty("wanted", wanted);
        JsonArray fair = new JsonArray();
        for (Balance balance : balances) {
            JsonObject entry = new JsonObject();
            entry.addProperty("measure", balance.measure());
            entry.add("values", numbers(balance.values()));
            entry.add(
                    "apart",
                    balance.apart().isPresent()
                            ? new JsonPrimitive(balance.apart().getAsDouble())
                            : JsonNull.INSTANCE);
            entry.addProperty("within", balance.within());
            entry.addProperty("holds", balance.holds());
            fair.add(entry);
        }
        json.add("fair", fair);
        JsonArray claims = new JsonArray();
        judged.forEach(claim -> claims.add(json(claim)));
        json.add("claims", claims);
        JsonArray spent = new JsonArray();
        for (Cost cost : costs) {
            JsonObject entry = new JsonObject();
            entry.addProperty("what", cost.what());
            entry.addProperty("unit", cost.unit());
            entry.add("values", numbers(cost.values()));
            spent.add(entry);
        }
        json.add("costs", spent);
        JsonArray settings = new JsonArray();
        for (Difference difference : differences) {
            JsonObject entry = new JsonObject();
            entry.addProperty("path", difference.path());
            JsonObject values = new JsonObject();
            difference.values().forEach(values::addProperty);
            entry.add("values", values);
            settings.add(entry);
        }
        json.add("differences", settings);
        return json;
    }

    /** What became of a claim, in a word: {@code confirmed}, {@code refuted}, {@code undecided}, {@code void}. */
    public String verdict(Judged claim) {
        return isVoid() ? VOID : claim.finding().verdict().label();
    }

    private JsonObject json(Judged claim) {
        Finding finding = claim.finding();
        JsonObject entry = new JsonObject();
        entry.addProperty("claim", claim.claim());
        entry.addProperty("favours", claim.favours());
        entry.addProperty("verdict", verdict(claim));
        entry.addProperty("reason", finding.reason());
        entry.add("interval", finding.interval().map(Judgement::json).orElse(null));
        JsonObject values = new JsonObject();
        finding.values().forEach((side, all) -> {
            JsonObject bySeed = new JsonObject();
            all.forEach(value -> bySeed.addProperty(Long.toString(value.seed()), value.value()));
            values.add(side, bySeed);
        });
        entry.add("values", values);
        return entry;
    }

    private static JsonObject json(Finding.Interval interval) {
        JsonObject json = new JsonObject();
        json.add("estimate", finite(interval.estimate()));
        json.add("low", finite(interval.low()));
        json.add("high", finite(interval.high()));
        json.add("asked", finite(interval.asked()));
        json.addProperty("unit", interval.unit());
        return json;
    }

    private static JsonObject numbers(Map<String, Double> values) {
        JsonObject json = new JsonObject();
        values.forEach((side, value) -> json.add(side, finite(value)));
        return json;
    }

    private static JsonElement finite(double value) {
        return Optional.of(value)
                .filter(Double::isFinite)
                .<JsonElement>map(JsonPrimitive::new)
                .orElse(JsonNull.INSTANCE);
    }

    /** As people read it: four digits. */
    static String number(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e7;
        return whole ? Long.toString((long) value) : String.format(Locale.ROOT, "%.4g", value);
    }
}
