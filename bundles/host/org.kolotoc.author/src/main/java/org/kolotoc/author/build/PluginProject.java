package org.kolotoc.author.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * What a plugin's pom says that its bundle is made of.
 *
 * @param folder of the pom
 * @param name of the bundle: the artifactId
 * @param version of the bundle
 * @param sources folder with Java files
 * @param release version of Java
 * @param instructions for bnd, as in a bnd file
 */
public record PluginProject(
        Path folder, String name, String version, Path sources, String release, String instructions) {
    private static final String NO_DOCTYPE = "http://apache.org/xml/features/disallow-doctype-decl";
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([\\w.-]+)}");
    private static final String RELEASE = "maven.compiler.release";

    /**
     * Reads the pom of a folder.
     *
     * @throws InputError when there is none, or it leaves open what is needed
     */
    public static PluginProject read(Path folder) {
        Path pom = folder.resolve("pom.xml");
        if (!Files.isRegularFile(pom)) {
            throw InputError.of(
                    folder + (Files.isDirectory(folder) ? " has no pom.xml" : " is no folder")
                            + "; expected the project of a plugin",
                    "./kolotoc new model my-model makes one");
        }
        Element project = parse(pom);
        Map<String, String> properties = new TreeMap<>();
        child(project, "properties")
                .ifPresent(all -> elements(all)
                        .forEach(one -> properties.put(
                                one.getTagName(), one.getTextContent().strip())));
        String name = required(project, "artifactId", pom);
        String version = required(project, "version", pom);
        properties.put("project.artifactId", name);
        properties.put("project.version", version);
        Function<String, String> filled = text -> filled(text, properties);
        Optional<Element> build = child(project, "build");
        return new PluginProject(
                folder,
                filled.apply(name),
                filled.apply(version),
                folder.resolve(build.flatMap(it -> text(it, "sourceDirectory"))
                                .map(filled)
                                .orElse("src/main/java"))
                        .normalize(),
                properties.getOrDefault(
                        RELEASE, Integer.toString(Runtime.version().feature())),
                instructions(folder, build));
    }

    private static String instructions(Path folder, Optional<Element> build) {
        try {
            Path file = folder.resolve("bnd.bnd");
            String own = Files.isRegularFile(file) ? Files.readString(file) + "\n" : "";
            return own
                    + build.flatMap(it -> child(it, "plugins")).stream()
                            .flatMap(PluginProject::elements)
                            .filter(plugin -> text(plugin, "artifactId")
                                    .filter("bnd-maven-plugin"::equals)
                                    .isPresent())
                            .flatMap(plugin -> child(plugin, "configuration").stream())
                            .flatMap(configuration -> text(configuration, "bnd").stream())
                            .findFirst()
                            .orElse("");
        } catch (IOException e) {
            throw InputError.of("bnd.bnd in " + folder + " can't be read: " + Printable.reason(e), "", e);
        }
    }

    private static Element parse(Path pom) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(NO_DOCTYPE, true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder.parse(pom.toFile()).getDocumentElement();
        } catch (SAXException e) {
            throw InputError.of(pom + " is no pom: " + e.getMessage(), "mend it; mvn validate says more", e);
        } catch (IOException e) {
            throw InputError.of(pom + " can't be read: " + Printable.reason(e), "", e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String required(Element project, String tag, Path pom) {
        return text(project, tag)
                .orElseThrow(() -> InputError.of(
                        pom + " has no <" + tag + ">; expected one of its own",
                        "add it: <" + tag + ">...</" + tag + ">"));
    }

    private static String filled(String text, Map<String, String> properties) {
        return PROPERTY.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(properties.getOrDefault(found.group(1), found.group())));
    }

    private static Optional<String> text(Element parent, String tag) {
        return child(parent, tag).map(element -> element.getTextContent().strip());
    }

    private static Optional<Element> child(Element parent, String tag) {
        return elements(parent)
                .filter(element -> element.getTagName().equals(tag))
                .findFirst();
    }

    private static Stream<Element> elements(Element parent) {
        var children = parent.getChildNodes();
        return IntStream.range(0, children.getLength())
                .mapToObj(children::item)
                .filter(node -> node.getNodeType() == Node.ELEMENT_NODE)
                .map(Element.class::cast);
    }

    /** What lies beside classes in the bundle. */
    Path resources() {
        return folder.resolve("src/main/resources");
    }

    /** What was built, and is built anew by who asks. */
    Path target() {
        return folder.resolve("target");
    }

    /** Where Maven builds the bundle, and {@code dev --once}. */
    public Path jar() {
        return target().resolve(name + "-" + version + ".jar");
    }

    /** Folders and files whose change asks for another build. */
    List<Path> watched() {
        return List.of(sources, resources(), folder.resolve("pom.xml"), folder.resolve("bnd.bnd"));
    }

    /** Its Java files, those of tests and of what was built left out. */
    List<Path> javaFiles() throws IOException {
        if (!Files.isDirectory(sources)) {
            throw InputError.of(
                    sources + " is no folder; expected the sources of " + name,
                    "./kolotoc new model my-model makes some");
        }
        try (Stream<Path> tree = Files.walk(sources)) {
            return tree.filter(file -> file.toString().endsWith(".java") && !file.startsWith(target()))
                    .sorted()
                    .toList();
        }
    }
}
