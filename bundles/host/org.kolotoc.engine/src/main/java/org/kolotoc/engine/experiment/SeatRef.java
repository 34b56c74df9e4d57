package org.kolotoc.engine.experiment;

import com.google.gson.JsonObject;

/**
 * Which plugin fills a seat, and what it is told.
 *
 * @param id of the plugin
 * @param settings the object without the id, for the plugin's own settings record
 * @param path where it stands in the file: {@code $.phases[0]}
 */
public record SeatRef(String id, JsonObject settings, String path) {}
