package org.kolotoc.eval.arena.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * JSON lines: an object a line (RFC 8259). Its texts, numbers and truth values are fields; of what has parts of its own only the
 * form is looked at.
 */
final class JsonLines {
    private static final int DEEPEST = 100;

    private final Path file;
    private final String text;
    private final int line;
    private int at;

    private JsonLines(Path file, String text, int line) {
        this.file = file;
        this.text = text;
        this.line = line;
    }

    static Records read(Path file, String text) {
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                JsonLines json = new JsonLines(file, lines.get(i), i + 1);
                Entry entry = json.entry();
                entries.add(entry);
                names.addAll(entry.values().keySet());
            }
        }
        return new Records(file, List.copyOf(names), entries);
    }

    private Place place() {
        return new Place(file, line, at + 1);
    }

    private RuntimeException unexpected(String expected) {
        String found = at < text.length() ? "found '" + text.charAt(at) + "'" : "the line ends";
        return place().fault(found + "; expected " + expected);
    }

    private Entry entry() {
        skip();
        Place place = place();
        Map<String, Entry.Value> values = object(0);
        skip();
        if (at < text.length()) {
            throw unexpected("nothing after the object");
        }
        return new Entry(place, values);
    }

    private void skip() {
        while (at < text.length() && " \t\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean take(char c) {
        skip();
        boolean found = at < text.length() && text.charAt(at) == c;
        at += found ? 1 : 0;
        return found;
    }

    private void require(char c, String expected) {
        if (!take(c)) {
            throw unexpected(expected);
        }
    }

    private Map<String, Entry.Value> object(int depth) {
        require('{', "an object, which begins with {");
        Map<String, Entry.Value> values = new LinkedHashMap<>();
        if (take('}')) {
            return values;
        }
        do {
            skip();
            Place named = place();
            String name = string("a name in quotes");
            require(':', "a colon");
            skip();
            Place place = place();
            String value = value(depth);
            if (value != null && values.put(name, new Entry.Value(value, place)) != null) {
                throw named.fault("there are two '" + name + "'; expected one");
            }
        } while (take(','));
        require('}', "a comma or }");
        return values;
    }

    /** A value that is a field's; null where it is none. */
    private String value(int depth) {
        skip();
        if (depth > DEEPEST) {
            throw unexpected("values that are nested less deeply");
        }
        char c = at < text.length() ? text.charAt(at) : 0;
        switch (c) {
            case '"' -> {
                return string("a text");
            }
            case '{' -> {
                object(depth + 1);
                return null;
            }
            case '[' -> {
                at++;
                if (!take(']')) {
                    do {
                        value(depth + 1);
                    } while (take(','));
                    require(']', "a comma or ]");
                }
                return null;
            }
            default -> {
                return word();
            }
        }
    }

    /** A number or a truth value; null for {@code null}. */
    private String word() {
        int from = at;
        while (at < text.length() && ",]} \t\r".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(from, at);
        if (!word.matches("true|false|null|-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
            at = from;
            throw unexpected("a text in quotes, a number, true, false, null, { or [");
        }
        return word.equals("null") ? null : word;
    }

    private String string(String expected) {
        require('"', expected);
        StringBuilder string = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at++);
            string.append(c == '\\' ? escaped() : c);
        }
        require('"', "the quote that closes the text");
        return string.toString();
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at) : 0;
        int plain = "\"\\/bfnrt".indexOf(c);
        if (plain >= 0) {
            at++;
            return "\"\\/\b\f\n\r\t".charAt(plain);
        }
        if (c == 'u' && text.substring(at).matches("u[0-9a-fA-F]{4}.*")) {
            at += 5;
            return (char) Integer.parseInt(text.substring(at - 4, at), 16);
        }
        throw unexpected("an escape that JSON has");
    }
}
