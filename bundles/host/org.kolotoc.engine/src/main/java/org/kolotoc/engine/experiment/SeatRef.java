package org.kolotoc.engine.experiment;

import com.google.gson.JsonObject;

/**
 * Which plugin fills a seat, and what it is told.
 *
 * @param id of the plugin
 * @param versions of it that will do
 * @param settings the object without these two, for the plugin's own settings record
 * @param path where it stands in the file: {@code $.phases[0]}
 */
public record SeatRef(String id, Versions versions, JsonObject settings, String path) {
    /** One of any version. */
    public SeatRef(String id, JsonObject settings, String path) {
        this(id, Versions.ANY, settings, path);
    }
}
