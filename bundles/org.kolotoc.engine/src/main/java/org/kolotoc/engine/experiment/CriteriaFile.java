package org.kolotoc.engine.experiment;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.List;
import org.kolotoc.api.Settings.Help;

/** Criteria in a file of their own, {@code "schema": "kolotoc.criteria/1"}, so that several experiments share them. */
public record CriteriaFile(
        @Help("kolotoc.criteria/1") String schema,
        @Help("bounds that decide the verdict") List<Criterion> criteria) {

    public static final String SCHEMA = "kolotoc.criteria/1";

    private static final String FIELD = "criteria";

    /**
     * Puts the content of the file that an experiment names in {@code "criteria": "file.json"} in the place of the name,
     * so that the run folder holds what was judged.
     *
     * @param experiment the experiment's path; the name is relative to it
     * @throws org.kolotoc.api.InputError with every fault of that file
     */
    static void inline(JsonObject json, Path experiment) {
        if (!(json.get(FIELD) instanceof JsonPrimitive name) || !name.isString()) {
            return;
        }
        Path file = experiment.resolveSibling(name.getAsString());
        JsonObject content = ExperimentFile.read(file, "criteria file").json();
        Problems problems = new Problems(file.toString());
        CriteriaFile bound = new Binder(problems).bind(CriteriaFile.class, content, "$");
        if (bound != null && !bound.schema().equals(SCHEMA)) {
            problems.add("$.schema", "is \"" + bound.schema() + "\"; expected \"" + SCHEMA + "\"");
        }
        problems.refuse();
        JsonElement list = content.get(FIELD);
        json.add(FIELD, list);
    }
}
