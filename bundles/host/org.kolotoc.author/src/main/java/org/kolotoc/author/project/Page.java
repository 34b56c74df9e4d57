package org.kolotoc.author.project;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kolotoc.api.InputError;

/**
 * What a page for authors shows first of a kind of seat. That compiles and passes its suite, which the build tests.
 *
 * @param kind of seat, and the page's name
 * @param plugin its source
 * @param suite the source of its test
 * @param experiment one that it takes part in, or a comparison; there is none of a command
 */
record Page(String kind, String plugin, String suite, Optional<String> experiment) {
    /** Those that there is a page of. */
    static final List<String> KINDS = List.of(
            "model",
            "phase",
            "data",
            "tokenizer",
            "sampler",
            "decoder",
            "metric",
            "optimizer",
            "adapter",
            "side-loss",
            "judge",
            "claim",
            "command",
            "probe");

    private static final String PACKAGE = "package example;";
    private static final Pattern TYPE = Pattern.compile("^public final class (\\w+)", Pattern.MULTILINE);
    private static final Pattern ID = Pattern.compile("@Seat\\(.*?\\bid = \"([^\"]+)\"");

    static Page of(String kind) {
        String text = resource(kind + ".md");
        List<String> java = blocks(text, "java");
        return new Page(
                kind, java.get(0), java.get(1), blocks(text, "json").stream().findFirst());
    }

    /** A file that lies beside this class. */
    static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> blocks(String text, String language) {
        return Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** The first sentence of the plugin's Javadoc. */
    String does() {
        return found(Pattern.compile("^/\\*\\* (.*?\\.)(?: \\*/| )", Pattern.MULTILINE));
    }

    /**
     * The same under other names.
     *
     * @throws InputError when the code has another use for one of them
     */
    Page named(PluginName name) {
        if (uses(name.type())) {
            throw InputError.of(
                    "the class of '" + name.id() + "' would be called " + name.type()
                            + ", which is something else in its code already",
                    "choose another name, as my-" + name.id());
        }
        return new Page(kind, renamed(plugin, name), renamed(suite, name), experiment.map(text -> renamed(text, name)));
    }

    private boolean uses(String word) {
        Pattern there = Pattern.compile("\\b" + word + "(Test)?\\b");
        return !word.equals(found(TYPE))
                && (there.matcher(plugin).find() || there.matcher(suite).find());
    }

    private String renamed(String text, PluginName name) {
        return text.replace(PACKAGE, "package " + name.path() + ";")
                .replaceAll("\\b" + found(TYPE) + "(Test)?\\b", name.type() + "$1")
                .replaceAll("(?<=\"|\\./kolotoc )" + Pattern.quote(found(ID)) + "(?=\"(?!:)|[/ ])", name.id());
    }

    private String found(Pattern pattern) {
        Matcher matcher = pattern.matcher(plugin);
        return matcher.results()
                .findFirst()
                .map((MatchResult result) -> result.group(1))
                .orElseThrow(() -> new IllegalStateException("the page of " + kind + " has nothing like " + pattern));
    }
}
