package org.kolotoc.engine.fill;

/**
 * What is asked for when a seat is to be filled.
 *
 * @param kind {@code model}
 * @param id of the plugin: {@code gpt}
 */
public record SeatName(String kind, String id) {
    /** {@code model 'gpt'}. */
    @Override
    public String toString() {
        return kind + " '" + id + "'";
    }
}
