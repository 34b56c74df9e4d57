package org.kolotoc.author.project;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import org.kolotoc.api.InputError;

/**
 * How a new plugin is called in each place.
 *
 * @param id in experiments, and of its folder and bundle: {@code my-thing}
 * @param type its class: {@code MyThing}
 * @param path its package: {@code mything}
 */
public record PluginName(String id, String type, String path) {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int LONGEST = 40;

    /**
     * The names that come of an id.
     *
     * @param path another package than the one named after the id
     * @throws InputError when one of them is none in an experiment or in Java
     */
    public static PluginName of(String id, Optional<String> path) {
        if (!ID.matcher(id).matches() || id.length() > LONGEST) {
            throw InputError.of(
                    "a plugin can't be called '" + id + "'; expected at most " + LONGEST
                            + " small letters and digits, words joined by dashes",
                    "choose another name, as " + proposal(id));
        }
        String type = Arrays.stream(id.split("-"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
        if (isOfTheLanguage(type)) {
            throw InputError.of(
                    "the class of '" + id + "' would be called " + type + ", as one that every class of Java sees",
                    "choose another name, as my-" + id);
        }
        return new PluginName(id, type, path.map(PluginName::checked).orElseGet(() -> named(id)));
    }

    private static String proposal(String id) {
        String words = id.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^[-0-9]+|-+$", "");
        return ID.matcher(words).matches() && words.length() <= LONGEST ? words : "my-thing";
    }

    private static boolean isOfTheLanguage(String type) {
        try {
            Class.forName("java.lang." + type, false, null);
            return true;
        } catch (ClassNotFoundException _) {
            return false;
        }
    }

    private static String named(String id) {
        String path = id.replace("-", "");
        if (!SourceVersion.isName(path)) {
            throw InputError.of(
                    "the package of '" + id + "' would be called " + path + ", a word of the language",
                    "say another: --package my." + path + "s");
        }
        return path;
    }

    private static String checked(String path) {
        if (!SourceVersion.isName(path) || !path.equals(path.toLowerCase(Locale.ROOT))) {
            throw InputError.of(
                    "--package " + path
                            + ": that is no name of a package; expected small letters and digits, words joined"
                            + " by dots",
                    "as --package org.example.plugins");
        }
        if (path.matches("(java|javax|jdk|org\\.kolotoc)(\\..*)?")) {
            throw InputError.of(
                    "--package " + path + ": that is not yours; a bundle can't share a package with another",
                    "as --package org.example.plugins");
        }
        return path;
    }
}
