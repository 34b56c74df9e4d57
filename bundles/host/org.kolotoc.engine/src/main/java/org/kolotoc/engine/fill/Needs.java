package org.kolotoc.engine.fill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Namespace;

/**
 * What a bundle that does not resolve needs and nobody offers, who offers it in another version, and what to do. A bundle
 * that only waits for another unresolved one is told by the one it waits for.
 *
 * @param installed all bundles that could offer something, the framework's own included
 * @param raw whether to add the manifest's filter
 */
record Needs(Bundle[] installed, boolean raw) {
    private static final Pattern VERSION = Pattern.compile("\\(version(>=|=)([^)]+)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");

    /** A line for each need, and below it what to do. */
    List<String> of(Bundle bundle) {
        List<String> lines = new ArrayList<>();
        for (BundleRequirement need : bundle.adapt(BundleRevision.class).getDeclaredRequirements(null)) {
            if (isMandatory(need)) {
                missing(bundle, need).ifPresent(lines::addAll);
            }
        }
        return lines.isEmpty()
                ? List.of("each of its needs is offered, but not all together: two versions of one package meet")
                : lines;
    }

    private static boolean isMandatory(BundleRequirement need) {
        String resolution = need.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE);
        return !Namespace.RESOLUTION_OPTIONAL.equals(resolution) && !"dynamic".equals(resolution);
    }

    private Optional<List<String>> missing(Bundle owner, BundleRequirement need) {
        if (need.getNamespace().equals(HostNamespace.HOST_NAMESPACE)) {
            return late(need);
        }
        Set<String> offers = new LinkedHashSet<>();
        for (Bundle other : installed) {
            for (BundleCapability offer : offers(other, need.getNamespace())) {
                if (need.matches(offer)) {
                    if (other.getState() != Bundle.INSTALLED || other == owner) {
                        return Optional.empty();
                    }
                    offers.add(name(other) + ", which is not resolved itself");
                } else if (sameName(need, offer)) {
                    offers.add(name(other) + " offers version " + version(offer));
                }
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("it needs " + wanted(need) + "; "
                + (offers.isEmpty() ? "nothing installed offers it" : String.join("; ", offers)));
        lines.add("do: " + advice(need, offers));
        if (raw) {
            lines.add("filter: " + filter(need));
        }
        return Optional.of(lines);
    }

    /** What a fragment has to be told whose host runs already; nothing where another thing is wrong. */
    private Optional<List<String>> late(BundleRequirement need) {
        return Arrays.stream(installed)
                .filter(other -> other.getState() != Bundle.INSTALLED
                        && offers(other, need.getNamespace()).stream().anyMatch(need::matches))
                .findFirst()
                .map(host -> List.of(
                        "it is a fragment of " + name(host) + ", which was there before it",
                        "do: make it a bundle of its own; no plugin becomes a part of the program's bundles"));
    }

    private static List<BundleCapability> offers(Bundle bundle, String namespace) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null ? List.of() : revision.getDeclaredCapabilities(namespace);
    }

    private static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    private static String filter(BundleRequirement need) {
        return String.valueOf(need.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE));
    }

    private static boolean sameName(BundleRequirement need, BundleCapability offer) {
        Object name = offer.getAttributes().get(need.getNamespace());
        return filter(need).contains("(" + need.getNamespace() + "=" + name + ")");
    }

    private static String version(BundleCapability offer) {
        Object version = offer.getAttributes().get("version");
        if (version instanceof List<?> all && !all.isEmpty()) {
            return all.getLast() + " and older ones";
        }
        return version == null ? Version.emptyVersion.toString() : version.toString();
    }

    /** {@code package org.kolotoc.api, version 1.2.0 or newer}, read from the filter that the resolver sees. */
    private static String wanted(BundleRequirement need) {
        String filter = filter(need);
        Matcher name = Pattern.compile("\\(" + Pattern.quote(need.getNamespace()) + "=([^)]+)\\)")
                .matcher(filter);
        String kind = need.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE) ? "package" : need.getNamespace();
        String what = name.find() ? kind + " " + name.group(1) : kind + " with " + filter;
        Matcher from = VERSION.matcher(filter);
        if (!from.find()) {
            return what;
        }
        Matcher below = BELOW.matcher(filter);
        return what + ", version " + from.group(2)
                + (below.find()
                        ? " up to, but not including, " + below.group(1)
                        : from.group(1).equals(">=") ? " or newer" : "");
    }

    private static String advice(BundleRequirement need, Set<String> offers) {
        if (need.getNamespace().equals("osgi.ee")) {
            return "run on the Java version it was built for, or build it for this one, "
                    + System.getProperty("java.specification.version");
        }
        if (offers.isEmpty()) {
            return "install the bundle that has it: --plugin <file.jar>";
        }
        return offers.stream().anyMatch(offer -> offer.contains("not resolved itself"))
                ? "mend the bundle it waits for first"
                : "build the bundle again against the version that is here";
    }
}
