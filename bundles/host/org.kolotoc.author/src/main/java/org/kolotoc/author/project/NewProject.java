package org.kolotoc.author.project;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.ExperimentFile;

/**
 * A plugin's project: a pom, a class, a test that is the suite of its seat, an experiment or a comparison, and a feature file by
 * which the plugin is installed for good. Builds outside of this one, with what lies in the runtime's repository.
 */
public final class NewProject {
    /** Kinds of seats that there can be a project of. */
    public static final List<String> KINDS = Page.KINDS;

    private static final String VERSION = "1.0.0";
    private static final Pattern OWN = Pattern.compile("<artifactId>org\\.kolotoc\\.api</artifactId><version>(.*?)<");

    private final PluginName name;
    private final Page page;
    private final Path home;

    /**
     * @param kind one of {@link #KINDS}
     * @param home the runtime's folder, with the repository
     * @throws InputError when the code of that kind has another use for the name
     */
    public NewProject(String kind, PluginName name, Path home) {
        this.name = name;
        this.page = Page.of(kind).named(name);
        this.home = home;
    }

    /** What it does, in a sentence. */
    public String does() {
        return page.does();
    }

    /** Where its jar is built, within its folder. */
    public String jar() {
        return "target/" + name.id() + "-" + VERSION + ".jar";
    }

    /** What is typed to see it at work: a command and a file within its folder; nothing where it is a command itself. */
    public Optional<List<String>> tried() {
        return page.experiment()
                .map(text -> text.contains(ExperimentFile.COMPARISON)
                        ? List.of("compare", "comparison.json")
                        : List.of("run", "experiment.json"));
    }

    /** Its files: what is in each, by its path. */
    public Map<String, String> files() {
        String folder = name.path().replace('.', '/') + "/" + name.type();
        Map<String, String> files = new LinkedHashMap<>();
        files.put("src/main/java/" + folder + ".java", page.plugin());
        files.put("src/test/java/" + folder + "Test.java", page.suite());
        page.experiment().ifPresent(text -> files.put(tried().orElseThrow().getLast(), text));
        files.put("pom.xml", pom());
        files.put("feature.json", feature());
        files.put(".gitignore", "/target/\n/runs/\n");
        return files;
    }

    /** The plugin alone, by the name and version that its pom gives the jar. */
    private String feature() {
        String id = name.path() + ":" + name.id() + ":" + VERSION;
        return """
            {
              "feature-resource-version": "1.0",
              "id": "%s",
              "description": "%s",
              "bundles": [{"id": "%s"}]
            }
            """.formatted(id, page.does().replace("\"", "'"), id);
    }

    /** The pom of the smallest example, with layers and tests, in the folders that Maven expects. */
    private String pom() {
        String example = Page.resource("pom.xml");
        Matcher own = OWN.matcher(example);
        if (!own.find()) {
            throw new IllegalStateException("the example's pom has no dependency like " + OWN);
        }
        String pom = put(example, "<groupId>hello</groupId>", "<groupId>" + name.path() + "</groupId>");
        pom = put(pom, "<artifactId>hello-model</artifactId>", "<artifactId>" + name.id() + "</artifactId>");
        pom = put(pom, "<properties>", "<properties>\n    <kolotoc.home>" + place() + "</kolotoc.home>\n    ");
        pom = put(pom, "</maven.compiler.release></properties>", "</maven.compiler.release>\n  </properties>");
        pom = put(pom, "${env.KOLOTOC_HOME}", "${kolotoc.home}");
        pom = put(pom, "<sourceDirectory>.</sourceDirectory>", "");
        return put(
                pom,
                "  </dependency></dependencies>",
                "  </dependency>" + dependency("nn", own.group(1), "compile") + dependency("tck", own.group(1), "test")
                        + "</dependencies>");
    }

    private static String dependency(String bundle, String version, String scope) {
        return "<dependency>\n    <groupId>org.kolotoc</groupId><artifactId>org.kolotoc." + bundle
                + "</artifactId><version>" + version + "</version><scope>" + scope + "</scope>\n  </dependency>";
    }

    private static String put(String text, String what, String by) {
        if (text.indexOf(what) < 0 || text.indexOf(what) != text.lastIndexOf(what)) {
            throw new IllegalStateException("the example's pom does not have " + what + " once");
        }
        return text.replace(what, by);
    }

    /** As it stands behind {@code file://} in XML. */
    private String place() {
        return home.toAbsolutePath()
                .toString()
                .replace("%", "%25")
                .replace("&", "&amp;")
                .replace("<", "&lt;");
    }

    /**
     * Writes all files into a folder that is not there yet.
     *
     * @throws InputError when there is something
     */
    public void write(Path folder) {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw InputError.of(
                    folder + " is there already; expected a folder that can be made",
                    "choose another, with --out <folder>");
        }
        try {
            for (Map.Entry<String, String> file : files().entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue(), StandardOpenOption.CREATE_NEW);
            }
        } catch (FileAlreadyExistsException e) {
            throw InputError.of(
                    e.getFile() + " is in the way; expected a folder, or nothing",
                    "choose another, with --out <folder>",
                    e);
        } catch (IOException e) {
            throw InputError.of(
                    "the project can't be written: " + (e instanceof AccessDeniedException ? "no access to " : "")
                            + e.getMessage(),
                    "choose a folder that can be written, with --out <folder>",
                    e);
        }
    }
}
