package org.kolotoc.eval.arena.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Comma-separated values, as RFC 4180 has them: a field in quotes may hold commas, line ends and doubled quotes. */
final class Csv {
    private final Path file;
    private final String text;
    private int at;
    private int line = 1;
    private int lineStart;

    private Csv(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    static Records read(Path file, String text) {
        Csv csv = new Csv(file, text);
        List<Entry.Value> head = csv.row();
        List<String> names = head.stream().map(value -> value.text().strip()).toList();
        for (int i = 0; i < names.size(); i++) {
            if (names.indexOf(names.get(i)) < i) {
                throw head.get(i).place().fault("there are two columns '" + names.get(i) + "'; expected one");
            }
        }
        List<Entry> entries = new ArrayList<>();
        while (csv.at < text.length()) {
            Place place = csv.place();
            List<Entry.Value> row = csv.row();
            boolean blank = row.size() == 1 && row.getFirst().text().isBlank();
            if (!blank && row.size() != names.size()) {
                throw place.fault("the line has " + row.size() + " fields; expected " + names.size()
                        + " as in the first: " + String.join(", ", names));
            }
            if (!blank) {
                Map<String, Entry.Value> values = new LinkedHashMap<>();
                for (int i = 0; i < names.size(); i++) {
                    values.put(names.get(i), row.get(i));
                }
                entries.add(new Entry(place, values));
            }
        }
        return new Records(file, names, entries);
    }

    private Place place() {
        return new Place(file, line, at - lineStart + 1);
    }

    /** The fields up to the line's end, which is passed. */
    private List<Entry.Value> row() {
        List<Entry.Value> row = new ArrayList<>();
        while (true) {
            Place place = place();
            row.add(new Entry.Value(field(), place));
            if (at == text.length()) {
                return row;
            }
            if (text.charAt(at) == ',') {
                at++;
            } else {
                passLineEnd();
                return row;
            }
        }
    }

    private void passLineEnd() {
        at += text.startsWith("\r\n", at) ? 2 : 1;
        line++;
        lineStart = at;
    }

    private String field() {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int from = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private String quoted() {
        Place place = place();
        StringBuilder field = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '"') {
                field.append(c);
                at++;
                if (c == '\n') {
                    line++;
                    lineStart = at;
                }
            } else if (text.startsWith("\"\"", at)) {
                field.append('"');
                at += 2;
            } else {
                at++;
                if (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
                    throw place().fault("'" + text.charAt(at)
                            + "' follows a closing quote; expected a comma or the line's end");
                }
                return field.toString();
            }
        }
        throw place.fault("the quote that opens here is not closed");
    }
}
