package org.kolotoc.engine.compare;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.kolotoc.api.InputError;
import org.kolotoc.api.claim.Claim;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.JsonText;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.fill.Filler;
import org.kolotoc.engine.fill.Seats;

/** Reads a comparison. */
record ComparisonFile(String name, Comparison comparison, Sides sides) {
    /**
     * Reads a file.
     *
     * @throws InputError with everything that is wrong with it
     */
    static ComparisonFile read(Path path, Seats seats) {
        JsonObject json = JsonText.read(path, "comparison");
        requireComparison(path, json);
        Problems problems = new Problems(
                path.toString(),
                "mend that, then type the command again; ./kolotoc compare --help shows an example",
                at -> at);
        Sides sides = Sides.of(path, json, problems);
        ExperimentFile.checkName(json, problems);
        json.remove(Sides.COMMON);
        json.remove(Sides.FIELD);
        Comparison comparison = new Filler(seats, problems)
                .bind(Comparison.class, json, Sides.FIELDS)
                .orElse(null);
        if (comparison != null) {
            check(comparison, sides, problems);
        }
        problems.refuse();
        String name = comparison.name().isEmpty() ? ExperimentFile.nameOf(path) : comparison.name();
        return new ComparisonFile(name, comparison, sides);
    }

    private static void requireComparison(Path path, JsonObject json) {
        if (json.get("schema") instanceof JsonPrimitive schema
                && schema.getAsString().equals(Experiment.SCHEMA)) {
            throw InputError.of(path + " is an experiment, and no comparison", "./kolotoc run " + Printable.word(path));
        }
        if (!new JsonPrimitive(Comparison.SCHEMA).equals(json.get("schema"))) {
            throw InputError.of(
                    path + ": $.schema is " + json.get("schema") + "; expected \"" + Comparison.SCHEMA + "\"",
                    "./kolotoc compare --help shows what a comparison is");
        }
    }

    private static void check(Comparison comparison, Sides sides, Problems problems) {
        if (comparison.seeds().isEmpty()) {
            problems.add("$.seeds", "is empty; expected five seeds, such as [1, 2, 3, 4, 5]");
        }
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < comparison.seeds().size(); i++) {
            if (!seen.add(comparison.seeds().get(i))) {
                problems.add(
                        "$.seeds[" + i + "]",
                        "is " + comparison.seeds().get(i) + " again; a run that is counted twice proves nothing more");
            }
        }
        if (comparison.fair().measures().isEmpty()) {
            problems.add(
                    "$.fair.measures",
                    "is empty; expected what both sides have to have as much of: [\"cost/flops\","
                            + " \"<samples>/cost/parameters\"]");
        }
        if (comparison.claims().isEmpty()) {
            problems.add("$.claims", "is empty; expected what is claimed, {\"id\": \"difference\", ...}");
        }
        List<String> names = sides.names();
        for (int i = 0; i < comparison.claims().size(); i++) {
            Claim claim = comparison.claims().get(i);
            if (!names.contains(claim.favours())) {
                problems.add(
                        "$.claims[" + i + "].favours",
                        "is \"" + claim.favours() + "\", which is no side" + Nearest.hint(claim.favours(), names)
                                + "; expected "
                                + names.stream().map(side -> '"' + side + '"').collect(Collectors.joining(" or ")));
            }
        }
    }
}
