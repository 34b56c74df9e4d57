package org.kolotoc.data.chat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.InputError;
import org.kolotoc.api.file.Utf8;
import org.kolotoc.tensor.CounterRandom;

/** Files of a JSON object a line. */
final class JsonLines {
    private static final TypeAdapter<JsonElement> ELEMENTS = new Gson().getAdapter(JsonElement.class);
    private static final Pattern COLUMN = Pattern.compile("column (\\d+)");

    /** Characters of a value in a message. */
    private static final int SHOWN = 60;

    private JsonLines() {}

    /**
     * A line of a file.
     *
     * @param number from 1 on
     */
    record Line(Path file, int number, JsonObject object) {
        /**
         * A text of it.
         *
         * @throws InputError when there is no such field, or it is no text; names the fields there are
         */
        String text(String field) {
            JsonElement element = object.get(field);
            if (element == null
                    || !element.isJsonPrimitive()
                    || !element.getAsJsonPrimitive().isString()) {
                throw InputError.of(
                        file + ", line " + number + ": "
                                + (element == null
                                        ? "there is no field \"" + field + "\""
                                        : "\"" + field + "\" is " + shown(element) + "; expected a text in quotes")
                                + (element == null ? ", only " : ". The fields are ") + object.keySet(),
                        "say which fields they are, with \"question\", \"answer\", \"chosen\", \"rejected\" of the"
                                + " data");
            }
            return element.getAsString();
        }

        private static String shown(JsonElement element) {
            String said = element.toString();
            return said.length() <= SHOWN ? said : said.substring(0, SHOWN) + "...";
        }

        /** Texts one below the other. */
        String question(List<String> fields) {
            return fields.stream()
                    .map(this::text)
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining("\n"));
        }

        /** 1 or 2. */
        int choice(String field) {
            JsonElement element = object.get(field);
            String said = element == null ? "missing" : element.toString();
            if (!said.equals("1") && !said.equals("2")) {
                throw InputError.of(
                        file + ", line " + number + ": \"" + field + "\" is " + said
                                + "; expected 1 where the first answer is better, 2 where the second is",
                        "look into the file, or leave \"label\" out");
            }
            return Integer.parseInt(said);
        }
    }

    /** Which part a question is in, by the question alone. */
    static String part(String question, double heldOut) {
        return new CounterRandom(question.hashCode(), "held out").uniform(0) < heldOut ? "validation" : "train";
    }

    /**
     * Reads a file, packed or not; lines without anything are left out.
     *
     * @throws InputError when it is nowhere, no UTF-8, or a line is no JSON object; names line and column
     */
    static void read(String path, DataContext context, Consumer<Line> out) {
        Path file;
        try {
            file = context.file(path);
        } catch (InvalidPathException e) {
            throw InputError.field("path", "'" + path + "' is no path: " + e.getReason());
        }
        int number = 0;
        long before = 0;
        try (InputStream bytes = Files.newInputStream(file);
                InputStream plain = path.endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
                InputStream lines = new BufferedInputStream(plain)) {
            for (byte[] line = next(lines); line.length > 0; line = next(lines)) {
                number++;
                String text = text(file, number, before, line);
                before += line.length;
                if (!text.isBlank()) {
                    out.accept(new Line(file, number, object(file, number, text)));
                }
            }
        } catch (IOException e) {
            throw InputError.of(
                    file + " can't be read behind line " + number + ": " + e.getMessage(),
                    "check the path and its permissions",
                    e);
        }
    }

    /** The next line with its end; nothing where there is none any more. */
    private static byte[] next(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = in.read(); read >= 0; read = in.read()) {
            line.write(read);
            if (read == '\n') {
                break;
            }
        }
        return line.toByteArray();
    }

    private static String text(Path file, int number, long before, byte[] line) {
        return Utf8.text(
                        line,
                        stray -> new Utf8.Stray(before + stray.at(), number, stray.column(), stray.value())
                                .in(file.toString()))
                .stripTrailing();
    }

    private static JsonObject fields(Path file, int number, JsonReader reader) throws IOException {
        JsonObject object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (object.has(name)) {
                throw InputError.of(
                        file + ", line " + number + ": the field \"" + name + "\" is there twice",
                        "look into the file: which of them is meant?");
            }
            object.add(name, ELEMENTS.read(reader));
        }
        reader.endObject();
        return object;
    }

    private static JsonObject object(Path file, int number, String line) {
        try (JsonReader reader = new JsonReader(new StringReader(line))) {
            reader.setStrictness(Strictness.STRICT);
            boolean begins = reader.peek() == JsonToken.BEGIN_OBJECT;
            JsonObject object = begins ? fields(file, number, reader) : new JsonObject();
            if (!begins || reader.peek() != JsonToken.END_DOCUMENT) {
                throw InputError.of(
                        file + ", line " + number + ", column 1: expected one JSON object in a line",
                        "look into the file");
            }
            return object;
        } catch (IOException | JsonParseException e) {
            Matcher column = COLUMN.matcher(String.valueOf(e.getMessage()));
            throw InputError.of(
                    file + ", line " + number + ", column " + (column.find() ? column.group(1) : line.length() + 1)
                            + ": no JSON",
                    "look into the file: every line is an object, {\"question\": \"...\", ...}",
                    e);
        }
    }
}
