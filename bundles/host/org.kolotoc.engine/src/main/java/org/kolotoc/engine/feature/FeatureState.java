package org.kolotoc.engine.feature;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.kolotoc.engine.json.Fields;

/**
 * What is installed besides the program, {@code "schema": "kolotoc.features/1"}.
 *
 * @param number of the state, from 1; 0 before anything was installed
 * @param did what made it: {@code install hello 1.0.0}
 * @param made when, ISO 8601
 */
public record FeatureState(int number, String did, String made, List<Feature> features) {
    static final String SCHEMA = "kolotoc.features/1";

    /**
     * A feature of a state.
     *
     * @param from where it came from: an address, or a path that leads there from any folder
     */
    public record Feature(String name, String version, String from, List<Jar> bundles) {
        @Override
        public String toString() {
            return name + " " + version;
        }
    }

    /**
     * A bundle of a feature.
     *
     * @param file its jar's name in the folder {@code jars}
     */
    public record Jar(String name, String version, String sha256, String file) {
        @Override
        public String toString() {
            return name + " " + version;
        }
    }

    /** Before anything was installed. */
    static FeatureState none() {
        return new FeatureState(0, "", "", List.of());
    }

    /** A feature by its name. */
    public Optional<Feature> feature(String name) {
        return features.stream().filter(feature -> feature.name().equals(name)).findFirst();
    }

    /** Files of all its bundles; several features may share one. */
    Set<String> files() {
        Set<String> files = new TreeSet<>();
        features.forEach(feature -> feature.bundles().forEach(jar -> files.add(jar.file())));
        return files;
    }

    /** @throws JsonParseException naming the field that is missing or of another type */
    static FeatureState of(Fields json) {
        json.oneOf("schema", List.of(SCHEMA));
        return new FeatureState(
                (int) json.count("state"),
                json.text("did"),
                json.text("made"),
                json.objects("features").stream().map(FeatureState::feature).toList());
    }

    private static Feature feature(Fields json) {
        return new Feature(
                json.text("name"),
                json.text("version"),
                json.text("from"),
                json.objects("bundles").stream()
                        .map(jar ->
                                new Jar(jar.text("name"), jar.text("version"), jar.text("sha256"), jar.text("file")))
                        .toList());
    }

    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("state", number);
        json.addProperty("did", did);
        json.addProperty("made", made);
        JsonArray all = new JsonArray();
        for (Feature feature : features) {
            JsonObject one = new JsonObject();
            one.addProperty("name", feature.name());
            one.addProperty("version", feature.version());
            one.addProperty("from", feature.from());
            JsonArray jars = new JsonArray();
            for (Jar jar : feature.bundles()) {
                JsonObject bundle = new JsonObject();
                bundle.addProperty("name", jar.name());
                bundle.addProperty("version", jar.version());
                bundle.addProperty("sha256", jar.sha256());
                bundle.addProperty("file", jar.file());
                jars.add(bundle);
            }
            one.add("bundles", jars);
            all.add(one);
        }
        json.add("features", all);
        return json;
    }
}
