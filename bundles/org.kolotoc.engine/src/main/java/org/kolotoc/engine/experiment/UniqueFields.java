package org.kolotoc.engine.experiment;

import com.google.gson.JsonSyntaxException;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashSet;
import java.util.Set;

/** Refuses JSON objects that name a field twice: a reader would silently keep one of the two. */
final class UniqueFields {
    private UniqueFields() {}

    /**
     * Looks at every object of a text that is JSON.
     *
     * @throws JsonSyntaxException naming the path of a field that is there twice
     */
    static void check(String json) {
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            value(reader);
        } catch (IOException e) {
            throw new JsonSyntaxException(e);
        }
    }

    private static void value(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_ARRAY -> {
                reader.beginArray();
                while (reader.hasNext()) {
                    value(reader);
                }
                reader.endArray();
            }
            case BEGIN_OBJECT -> {
                Set<String> seen = new HashSet<>();
                reader.beginObject();
                while (reader.hasNext()) {
                    String name = reader.nextName();
                    if (!seen.add(name)) {
                        throw new JsonSyntaxException(
                                "the field '" + name + "' is there twice, at " + reader.getPath());
                    }
                    value(reader);
                }
                reader.endObject();
            }
            default -> reader.skipValue();
        }
    }
}
