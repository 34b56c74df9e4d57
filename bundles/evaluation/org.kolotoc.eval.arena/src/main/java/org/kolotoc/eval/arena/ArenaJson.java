package org.kolotoc.eval.arena;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Records of numbers, texts, lists and maps as JSON text (RFC 8259). What is not there is {@code null}. */
final class ArenaJson {
    private ArenaJson() {}

    static String of(Object value) {
        return switch (value) {
            case Optional<?> maybe -> maybe.map(ArenaJson::of).orElse("null");
            case OptionalInt maybe -> maybe.isPresent() ? String.valueOf(maybe.getAsInt()) : "null";
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> quoted(entry.getKey().toString()) + ": " + of(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case List<?> list -> list.stream().map(ArenaJson::of).collect(Collectors.joining(", ", "[", "]"));
            case Double number -> Double.isFinite(number) ? number.toString() : "null";
            case Number number -> number.toString();
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
