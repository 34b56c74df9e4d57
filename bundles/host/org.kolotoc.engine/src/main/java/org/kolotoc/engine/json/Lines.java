package org.kolotoc.engine.json;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** In which line of a text each value of its JSON begins. */
public final class Lines {
    /** A reader says where it is in this text alone. */
    private static final Pattern LINE = Pattern.compile("(?s).* at line (\\d+) column .*");

    private final JsonReader reader;
    private final Map<String, Integer> lines = new HashMap<>();

    private Lines(JsonReader reader) {
        this.reader = reader;
    }

    /**
     * Reads JSON.
     *
     * @return lines, counted from 1, by JSON paths as {@code $.phases[0].steps}
     * @throws IOException when it is none
     */
    public static Map<String, Integer> of(String text) throws IOException {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        Lines lines = new Lines(reader);
        lines.value("$");
        return lines.lines;
    }

    private void value(String path) throws IOException {
        JsonToken token = reader.peek();
        Matcher line = LINE.matcher(reader.toString());
        if (line.matches()) {
            lines.put(path, Integer.valueOf(line.group(1)));
        }
        switch (token) {
            case BEGIN_OBJECT -> {
                reader.beginObject();
                while (reader.hasNext()) {
                    value(path + "." + reader.nextName());
                }
                reader.endObject();
            }
            case BEGIN_ARRAY -> {
                reader.beginArray();
                for (int i = 0; reader.hasNext(); i++) {
                    value(path + "[" + i + "]");
                }
                reader.endArray();
            }
            default -> reader.skipValue();
        }
    }
}
