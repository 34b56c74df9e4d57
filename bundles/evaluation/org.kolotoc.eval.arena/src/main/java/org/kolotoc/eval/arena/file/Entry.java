package org.kolotoc.eval.arena.file;

import java.util.Map;
import java.util.Optional;

/**
 * A record of a file.
 *
 * @param place where it begins
 * @param values by field; without those that are not there
 */
record Entry(Place place, Map<String, Value> values) {
    /** What stands in a field. */
    record Value(String text, Place place) {}

    Optional<Value> get(String field) {
        return Optional.ofNullable(values.get(field));
    }

    /**
     * What stands in a field that has to be there.
     *
     * @throws org.kolotoc.api.InputError when it is not, or is nothing that can be printed in a line
     */
    Value require(String field, String expected) {
        Value value = get(field).orElseThrow(() -> place.fault("there is no '" + field + "'; expected " + expected));
        if (value.text().isBlank()) {
            throw value.place().fault("'" + field + "' is empty; expected " + expected);
        }
        if (value.text().chars().anyMatch(Character::isISOControl)) {
            throw value.place().fault("'" + field + "' has a control character; expected " + expected);
        }
        return value;
    }

    /** A number that has to be there. */
    double number(String field) {
        Value value = require(field, "a number");
        try {
            double number = Double.parseDouble(value.text().strip());
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw value.place().fault("'" + field + "' is '" + value.text() + "'; expected a number");
    }
}
