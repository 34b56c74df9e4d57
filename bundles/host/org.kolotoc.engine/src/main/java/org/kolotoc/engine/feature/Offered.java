package org.kolotoc.engine.feature;

import java.net.URI;
import java.util.List;

/**
 * A feature that can be installed.
 *
 * @param version of the feature file, or of the bundle in an index
 * @param items its bundles
 */
record Offered(String name, String version, String description, List<Item> items) {
    /**
     * A bundle of a feature.
     *
     * @param place in words, for messages: {@code hello.json, bundles[0] (g:hello:1.0)}
     * @param address where its jar is
     * @param sha256 of the jar; empty where nobody says
     */
    record Item(String place, URI address, String sha256) {}

    @Override
    public String toString() {
        return name + " " + version;
    }
}
