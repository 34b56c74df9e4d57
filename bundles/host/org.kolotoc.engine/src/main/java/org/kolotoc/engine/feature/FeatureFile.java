package org.kolotoc.engine.feature;

import com.google.gson.JsonParseException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.json.Fields;

/** Reads OSGi feature files (Compendium, chapter 159): the feature's id, and its bundles' ids and hashes. */
final class FeatureFile {
    /** {@code group:artifact[:type[:classifier]]:version}. */
    private static final int MOST_PARTS = 5;

    private static final String PLAIN = "[A-Za-z0-9_][A-Za-z0-9_.+-]{0,199}";

    private FeatureFile() {}

    /**
     * The parts of a Maven-like id.
     *
     * @param classifier empty where there is none
     */
    private record Id(String group, String artifact, String classifier, String version) {
        static Id of(String text, String place) {
            String[] parts = text.split(":", -1);
            if (parts.length < 3
                    || parts.length > MOST_PARTS
                    || !Stream.of(parts).allMatch(part -> part.matches(PLAIN))) {
                throw InputError.of(
                        place + ": the id \"" + text + "\" is none; expected group:artifact:version",
                        "mend the feature file");
            }
            return new Id(parts[0], parts[1], parts.length == MOST_PARTS ? parts[3] : "", parts[parts.length - 1]);
        }

        String file() {
            return artifact + "-" + version + (classifier.isEmpty() ? "" : "-" + classifier) + ".jar";
        }

        String inRepository() {
            return group.replace('.', '/') + "/" + artifact + "/" + version + "/" + file();
        }
    }

    /**
     * Reads one.
     *
     * @param address the file came from: jars lie beside it, in {@code lib}, in the {@code target} of a project, or as in a Maven
     *     repository
     */
    static Offered read(Path file, URI address) {
        try {
            Fields json = Fields.read(file);
            json.text("feature-resource-version");
            Id id = Id.of(json.text("id"), file + ", id");
            List<Fields> bundles = json.objects("bundles");
            List<Offered.Item> items = new ArrayList<>();
            for (int i = 0; i < bundles.size(); i++) {
                String text = bundles.get(i).text("id");
                String place = file + ", bundles[" + i + "] (" + text + ")";
                String hash = bundles.get(i).has("hash") ? bundles.get(i).text("hash") : "";
                items.add(new Offered.Item(place, jar(Id.of(text, place), address, place), hash));
            }
            if (items.isEmpty()) {
                throw InputError.of(file + ": the feature has no bundles", "list at least one in \"bundles\"");
            }
            return new Offered(
                    json.has("name") ? json.text("name") : id.artifact(),
                    id.version(),
                    json.has("description") ? json.text("description") : "",
                    items);
        } catch (IOException | JsonParseException e) {
            throw InputError.of(
                    file + " is no feature file: " + e.getMessage(),
                    "it looks so: {\"feature-resource-version\": \"1.0\", \"id\": \"group:hello:1.0.0\", \"bundles\":"
                            + " [{\"id\": \"group:artifact:1.0.0\"}]}",
                    e);
        }
    }

    private static URI jar(Id id, URI address, String place) {
        if (Fetch.isRemote(address)) {
            return address.resolve(id.file());
        }
        Path folder = Path.of(address).toAbsolutePath().getParent();
        List<Path> places = List.of(
                folder.resolve(id.file()),
                folder.resolve("lib").resolve(id.file()),
                folder.resolve("target").resolve(id.file()),
                folder.resolveSibling("lib").resolve(id.file()),
                folder.resolve(id.inRepository()));
        return places.stream()
                .filter(Files::isRegularFile)
                .findFirst()
                .map(Path::toUri)
                .orElseThrow(() -> InputError.of(
                        place + " is not there; it was looked for as "
                                + String.join(
                                        ", ",
                                        places.stream().map(Path::toString).toList()),
                        "build it (mvn package, in its project), put the jar there, or take it out of the feature"));
    }
}
