package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;
import org.kolotoc.api.InputError;

/**
 * Settings that a seat must refuse, though each value alone is in its range.
 *
 * @param field component of the record that the message must be about; empty where it is none of one field
 */
public record Refused<S extends Record>(S settings, String field) {
    void check(Executable use) {
        InputError error = assertThrows(InputError.class, use, () -> "accepted: " + settings);
        assertEquals(field, error.field(), error.getMessage());
        assertFalse(error.getMessage().isBlank());
    }
}
