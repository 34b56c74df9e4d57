package org.kolotoc.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The table of {@code docs/architecture.md}: which bundle may import what. A package belongs to the bundle with the
 * longest name that begins the package's name.
 *
 * @param rules one for each room; the first that fits a bundle holds
 */
record Arrows(List<Rule> rules) {
    /** What a bundle of Declarative Services or a framework's user may see; annotations leave no import. */
    private static final List<String> FRAMEWORK = List.of("org.osgi.framework", "org.osgi.resource");

    static final Arrows TABLE = new Arrows(List.of(
            new Rule("L0", "org.kolotoc.tensor", List.of(), List.of()),
            new Rule("L1", "org.kolotoc.(api|nn|compiler)", List.of("tensor"), List.of()),
            new Rule(
                    "L2",
                    "org.kolotoc.tck",
                    List.of("api", "nn", "tensor"),
                    List.of("org.junit.jupiter.api", "com.google.gson", "com.sun.management")),
            new Rule("L2", "org.kolotoc.data.pictures", List.of("api", "nn", "tensor"), List.of("javax.imageio")),
            new Rule("L2", "org.kolotoc.(text|data)", List.of("api", "nn", "tensor"), List.of("com.google.gson")),
            new Rule(
                    "L2",
                    "org.kolotoc.(optimizer|adapter|probe|(model|phase|sampler|eval|app)\\..+)",
                    List.of("api", "nn", "tensor"),
                    List.of()),
            new Rule(
                    "L2",
                    "org.kolotoc.backend.tornado",
                    List.of("compiler", "tensor"),
                    List.of("uk.ac.manchester.tornado", "com.sun.management")),
            new Rule(
                    "L2",
                    "org.kolotoc.backend\\..+",
                    List.of("compiler", "tensor"),
                    List.of("jdk.incubator.vector", "com.sun.management")),
            new Rule(
                    "L3",
                    "org.kolotoc.engine",
                    List.of("api", "tensor"),
                    with(
                            FRAMEWORK,
                            "com.google.gson",
                            "javax.xml.stream",
                            "org.osgi.service.component.runtime",
                            "org.osgi.service.resolver",
                            "picocli",
                            "jdk.net")),
            new Rule("L4", "org.kolotoc.(shell|web)", List.of("engine", "api"), FRAMEWORK),
            new Rule(
                    "L4",
                    "org.kolotoc.console",
                    List.of("engine", "api"),
                    with(FRAMEWORK, "org.apache.felix.service", "org.apache.felix.gogo", "sun.misc")),
            new Rule(
                    "L4",
                    "org.kolotoc.author",
                    List.of("engine", "api"),
                    with(
                            FRAMEWORK,
                            "aQute.bnd",
                            "javax.tools",
                            "javax.lang.model",
                            "javax.xml",
                            "org.w3c.dom",
                            "org.xml.sax")),
            new Rule(
                    "L4",
                    "org.kolotoc.develop",
                    List.of(),
                    List.of("javax.xml.stream", "javax.tools", "javax.lang.model", "com.sun.source")),
            new Rule(
                    "L5",
                    "org.kolotoc.launcher",
                    List.of("develop"),
                    with(
                            FRAMEWORK,
                            "com.google.gson",
                            "picocli",
                            "org.apache.felix.framework",
                            // Who signed a jar.
                            "javax.security.auth.x500",
                            "sun.misc",
                            "jdk.vm.ci.meta",
                            "uk.ac.manchester.tornado"))));

    /**
     * One line of the table.
     *
     * @param layer for the message
     * @param bundle regular expression of symbolic names
     * @param own rooms it may import, without {@code org.kolotoc.}
     * @param others packages of others it may import, with all below them
     */
    record Rule(String layer, String bundle, List<String> own, List<String> others) {
        boolean fits(String name) {
            return Pattern.matches(bundle, name);
        }

        boolean allows(String path, String owner) {
            return owner.isEmpty()
                    ? others.stream().anyMatch(other -> path.equals(other) || path.startsWith(other + "."))
                    : own.stream().anyMatch(room -> owner.equals("org.kolotoc." + room));
        }

        @Override
        public String toString() {
            List<String> all =
                    new ArrayList<>(own.stream().map(o -> "org.kolotoc." + o).toList());
            all.addAll(others);
            return layer + " " + bundle.replace("\\", "") + " may import "
                    + (all.isEmpty() ? "nothing but java.*" : String.join(", ", all));
        }
    }

    private static List<String> with(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    /** A sentence for every import against the table: bundle, package, rule. Empty when all point down. */
    List<String> offences(List<BundleManifest> bundles) {
        Set<String> names =
                new TreeSet<>(bundles.stream().map(BundleManifest::name).toList());
        List<String> found = new ArrayList<>();
        for (BundleManifest bundle : bundles) {
            List<Rule> fitting =
                    rules.stream().filter(r -> r.fits(bundle.name())).toList();
            if (fitting.isEmpty()) {
                found.add(bundle.name() + " has no line in the table: add one, on purpose");
                continue;
            }
            Rule rule = fitting.getFirst();
            for (String path : bundle.imports()) {
                String owner = owner(path, names);
                if (!path.startsWith("java.") && !rule.allows(path, owner)) {
                    found.add(bundle.name() + " imports " + path + (owner.isEmpty() ? "" : " of " + owner) + ", but "
                            + rule);
                }
            }
            for (String detour : bundle.detours()) {
                found.add(bundle.name() + " has " + detour + ", but bundles meet by package imports alone");
            }
            if (!bundle.host().isEmpty() && !bundle.name().startsWith(bundle.host() + ".")) {
                found.add(bundle.name() + " is a fragment of " + bundle.host() + ", whose name it must continue");
            }
        }
        return found;
    }

    /** The bundle that a package belongs to; a package of ours that none has is its own owner, so nobody may import it. */
    private static String owner(String path, Set<String> names) {
        String best = "";
        for (String name : names) {
            if ((path.equals(name) || path.startsWith(name + ".")) && name.length() > best.length()) {
                best = name;
            }
        }
        return best.isEmpty() && path.startsWith("org.kolotoc") ? path : best;
    }
}
