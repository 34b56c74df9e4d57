package org.kolotoc.shell;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks JSON against the part of JSON Schema that our schemas use; an unknown keyword is an error of the schema. */
final class Validator {
    private final JsonObject root;

    Validator(JsonObject root) {
        this.root = root;
    }

    List<String> faults(JsonElement value) {
        return faults(root, value, "$");
    }

    private List<String> faults(JsonObject schema, JsonElement value, String path) {
        List<String> faults = new ArrayList<>();
        for (Map.Entry<String, JsonElement> keyword : schema.entrySet()) {
            JsonElement wanted = keyword.getValue();
            boolean keeps = switch (keyword.getKey()) {
                case "$schema", "title", "description", "default", "$defs" -> true;
                case "$ref" -> faults.addAll(faults(definition(wanted.getAsString()), value, path)) || true;
                case "type" -> isOf(wanted, value);
                case "const" -> wanted.equals(value);
                case "enum" -> wanted.getAsJsonArray().contains(value);
                case "minimum" -> !isNumber(value) || value.getAsDouble() >= wanted.getAsDouble();
                case "maximum" -> !isNumber(value) || value.getAsDouble() <= wanted.getAsDouble();
                case "minLength" ->
                    !value.isJsonPrimitive() || value.getAsString().length() >= wanted.getAsInt();
                case "pattern" ->
                    !value.isJsonPrimitive() || value.getAsString().matches(wanted.getAsString());
                case "anyOf", "oneOf" -> {
                    long fitting = wanted.getAsJsonArray().asList().stream()
                            .filter(choice -> faults(choice.getAsJsonObject(), value, path)
                                    .isEmpty())
                            .count();
                    yield keyword.getKey().equals("anyOf") ? fitting > 0 : fitting == 1;
                }
                case "required" ->
                    !value.isJsonObject()
                            || wanted.getAsJsonArray().asList().stream()
                                    .allMatch(name -> value.getAsJsonObject().has(name.getAsString()));
                case "properties", "additionalProperties" -> {
                    // Both at once, where there are both.
                    if (value.isJsonObject() && (keyword.getKey().equals("properties") || !schema.has("properties"))) {
                        faults.addAll(fields(schema, value.getAsJsonObject(), path));
                    }
                    yield true;
                }
                case "items" -> {
                    JsonArray list = value.isJsonArray() ? value.getAsJsonArray() : new JsonArray();
                    for (int i = 0; i < list.size(); i++) {
                        faults.addAll(faults(wanted.getAsJsonObject(), list.get(i), path + "[" + i + "]"));
                    }
                    yield true;
                }
                default -> throw new IllegalArgumentException("keyword " + keyword.getKey());
            };
            if (!keeps) {
                faults.add(path + ": " + keyword.getKey() + " " + wanted);
            }
        }
        return faults;
    }

    private List<String> fields(JsonObject schema, JsonObject object, String path) {
        List<String> faults = new ArrayList<>();
        JsonObject known = schema.has("properties") ? schema.getAsJsonObject("properties") : new JsonObject();
        JsonElement others = schema.get("additionalProperties");
        for (Map.Entry<String, JsonElement> field : object.entrySet()) {
            String at = path + "." + field.getKey();
            if (known.has(field.getKey())) {
                faults.addAll(faults(known.getAsJsonObject(field.getKey()), field.getValue(), at));
            } else if (others != null && others.isJsonObject()) {
                faults.addAll(faults(others.getAsJsonObject(), field.getValue(), at));
            } else if (others != null && !others.getAsBoolean()) {
                faults.add(at + ": there is no such field");
            }
        }
        return faults;
    }

    private JsonObject definition(String reference) {
        return root.getAsJsonObject("$defs").getAsJsonObject(reference.substring("#/$defs/".length()));
    }

    private static boolean isNumber(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    }

    private static boolean isOf(JsonElement type, JsonElement value) {
        if (type.isJsonArray()) {
            return type.getAsJsonArray().asList().stream().anyMatch(one -> isOf(one, value));
        }
        return switch (type.getAsString()) {
            case "object" -> value.isJsonObject();
            case "array" -> value.isJsonArray();
            case "null" -> value.isJsonNull();
            case "string" ->
                value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
            case "boolean" ->
                value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
            case "number" -> isNumber(value);
            case "integer" -> isNumber(value) && value.getAsDouble() == Math.rint(value.getAsDouble());
            default -> throw new IllegalArgumentException("type " + type);
        };
    }
}
