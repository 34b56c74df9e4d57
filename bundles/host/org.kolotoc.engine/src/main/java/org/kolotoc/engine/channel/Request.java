package org.kolotoc.engine.channel;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.json.Fields;

/** What somebody asks of a run: {@code {"request": "sample", "name": "text"}}. */
public final class Request {
    /** Bytes of a request at most. */
    static final int MOST = 1 << 16;

    private static final String REQUEST = "request";

    private final String name;
    private final Fields fields;

    private Request(String name, Fields fields) {
        this.name = name;
        this.fields = fields;
    }

    /**
     * Reads one.
     *
     * @throws InputError when it is none
     */
    static Request of(byte[] line) {
        try {
            Fields fields = Fields.of(line);
            return new Request(fields.text(REQUEST), fields);
        } catch (JsonParseException e) {
            throw fault(e);
        }
    }

    /** The line of a request. */
    static String line(String name, Map<String, String> more) {
        JsonObject line = new JsonObject();
        line.addProperty(REQUEST, name);
        more.forEach(line::addProperty);
        return line.toString();
    }

    private static InputError fault(JsonParseException e) {
        return InputError.of(
                "the request is not understood: " + e.getMessage(),
                "send one line: {\"" + REQUEST + "\": \"status\"}",
                e);
    }

    public String name() {
        return name;
    }

    /**
     * Refuses what the request does not take.
     *
     * @throws InputError naming it
     */
    public void requireOnly(String... known) {
        for (String field : fields.names()) {
            if (!field.equals(REQUEST) && !List.of(known).contains(field)) {
                throw InputError.of(
                        "the request '" + name + "' takes no '" + field + "'"
                                + (known.length == 0 ? "" : " (it takes " + String.join(", ", known) + ")"),
                        "leave it out");
            }
        }
    }

    /** A text that may be left out. */
    public Optional<String> text(String field) {
        try {
            return fields.has(field) ? Optional.of(fields.text(field)) : Optional.empty();
        } catch (JsonParseException e) {
            throw fault(e);
        }
    }

    /** An object, as text, that may be left out: then it has no field. */
    public JsonObject object(String field) {
        Optional<String> text = text(field);
        try {
            return text.isEmpty()
                    ? new JsonObject()
                    : Fields.of(text.get().getBytes(StandardCharsets.UTF_8)).json();
        } catch (JsonParseException e) {
            throw InputError.of(
                    "'" + field + "' is '" + text.get() + "'; expected a JSON object as text: " + e.getMessage(),
                    "",
                    e);
        }
    }

    /** A whole number, in quotes, that may be left out. */
    public Optional<Long> number(String field) {
        return text(field).map(text -> {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw InputError.of("'" + field + "' is '" + text + "'; expected a whole number in quotes", "", e);
            }
        });
    }
}
