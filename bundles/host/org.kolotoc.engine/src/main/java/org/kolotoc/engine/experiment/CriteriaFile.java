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
     * @param origin of the experiment; the name is relative to it
     * @throws org.kolotoc.api.InputError with every fault of that file
     */
    static void inline(JsonObject json, Origin origin) {
        if (!(json.get(FIELD) instanceof JsonPrimitive name) || !name.isString()) {
            return;
        }
        Path file = origin.folder().resolve(name.getAsString());
        origin.tell(file);
        JsonObject content = JsonText.read(file, "criteria file");
        Problems problems = new Problems(file.toString());
        new Binder(problems).bind(CriteriaFile.class, content, "$");
        // Read from the JSON, not the record: there is none when something else is wrong too.
        JsonElement schema = content.get("schema");
        if (schema != null && !schema.equals(new JsonPrimitive(SCHEMA))) {
            problems.add("$.schema", "is " + schema + "; expected \"" + SCHEMA + "\"");
        }
        problems.refuse();
        JsonElement list = content.get(FIELD);
        json.add(FIELD, list);
    }
}
