package org.kolotoc.engine.need;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.NativeNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;

/**
 * What a bundle that does not resolve needs and nobody offers, who offers it in another version, what the one reasons that
 * offers it and does not resolve itself, and what to do.
 *
 * @param installed all bundles that could offer something, the framework's own included
 * @param shelves jars that could offer it once they are installed
 */
record Requirements(Bundle[] installed, Shelves shelves) {
    private static final Pattern VERSION = Pattern.compile("\\(version(>=|=)([^)]+)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");

    /** Values that a filter compares an attribute with: {@code (osgi.native.osname~=win32)}. */
    private static final String COMPARED = "\\(osgi\\.native\\.%s~?=([^)]+)\\)";

    /** A reason for each need. */
    List<Reason> of(Bundle bundle) {
        return of(bundle, new LinkedHashSet<>());
    }

    /** @param told bundles whose needs are told above */
    private List<Reason> of(Bundle bundle, Set<Bundle> told) {
        told.add(bundle);
        List<Reason> reasons = new ArrayList<>();
        for (BundleRequirement need : bundle.adapt(BundleRevision.class).getDeclaredRequirements(null)) {
            if (isMandatory(need)) {
                missing(bundle, need, told).ifPresent(reasons::add);
            }
        }
        return reasons.isEmpty()
                ? List.of(Reason.of(
                        "each of its needs is offered, but not all together: two versions of one package meet",
                        "build it and the bundles it imports from against the same versions"))
                : reasons;
    }

    private static boolean isMandatory(BundleRequirement need) {
        String resolution = need.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE);
        return !Namespace.RESOLUTION_OPTIONAL.equals(resolution) && !"dynamic".equals(resolution);
    }

    private Optional<Reason> missing(Bundle owner, BundleRequirement need, Set<Bundle> told) {
        boolean fragment = need.getNamespace().equals(HostNamespace.HOST_NAMESPACE);
        Set<String> offers = new LinkedHashSet<>();
        List<Bundle> waiting = new ArrayList<>();
        for (Bundle other : installed) {
            for (BundleCapability offer : offers(other, need.getNamespace())) {
                if (need.matches(offer)) {
                    if (other.getState() != Bundle.INSTALLED || other == owner) {
                        return fragment ? Optional.of(late(other)) : Optional.empty();
                    }
                    offers.add(name(other) + " offers it, but is not resolved itself");
                    waiting.add(other);
                } else if (sameName(need, offer)) {
                    offers.add(name(other) + " offers version " + version(offer));
                }
            }
        }
        List<Reason> behind = new ArrayList<>();
        for (Bundle other : waiting) {
            behind.add(Reason.of(
                    "bundle " + name(other) + " is installed, not resolved",
                    told.contains(other) ? List.of(Reason.of("as is told above")) : of(other, told)));
        }
        return Optional.of(new Reason(
                "it needs " + wanted(need) + "; " + there(need, offers),
                behind,
                waiting.isEmpty() ? advice(need, offers) : "",
                filter(need)));
    }

    private static String there(Requirement need, Set<String> offers) {
        if (need.getNamespace().equals(NativeNamespace.NATIVE_NAMESPACE)) {
            return "this is " + System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        }
        return offers.isEmpty() ? "nothing installed offers it" : String.join("; ", offers);
    }

    /** What a fragment has to be told whose host runs already. */
    private static Reason late(Bundle host) {
        return Reason.of(
                "it is a fragment of " + name(host) + ", which was there before it",
                "make it a bundle of its own; no plugin becomes a part of the program's bundles");
    }

    private static List<BundleCapability> offers(Bundle bundle, String namespace) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null ? List.of() : revision.getDeclaredCapabilities(namespace);
    }

    private static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    private static String filter(Requirement need) {
        return String.valueOf(need.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE));
    }

    private static boolean sameName(Requirement need, BundleCapability offer) {
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
    static String wanted(Requirement need) {
        String filter = filter(need);
        if (need.getNamespace().equals(NativeNamespace.NATIVE_NAMESPACE)) {
            return "a native library for " + compared(filter, "osname") + " on " + compared(filter, "processor");
        }
        Matcher name = Pattern.compile("\\(" + Pattern.quote(need.getNamespace()) + "=([^)]+)\\)")
                .matcher(filter);
        String kind = kind(need.getNamespace());
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

    private static String kind(String namespace) {
        return switch (namespace) {
            case PackageNamespace.PACKAGE_NAMESPACE -> "package";
            case HostNamespace.HOST_NAMESPACE -> "the host of this fragment,";
            case "osgi.wiring.bundle" -> "bundle";
            case ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE -> "execution environment";
            default -> namespace;
        };
    }

    private static String compared(String filter, String attribute) {
        List<String> values = Pattern.compile(COMPARED.formatted(attribute))
                .matcher(filter)
                .results()
                .map(found -> found.group(1).toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
        return values.isEmpty() ? "any" : String.join(" or ", values);
    }

    private String advice(Requirement need, Set<String> offers) {
        if (need.getNamespace().equals(ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE)) {
            return "run on the Java version it was built for, or build it for this one, "
                    + System.getProperty("java.specification.version");
        }
        if (need.getNamespace().equals(NativeNamespace.NATIVE_NAMESPACE)) {
            return "take a jar of it that was built for this machine";
        }
        return shelves.offering(need).stream()
                .findFirst()
                .map(offer -> offer.command() + " (" + offer + " offers it)")
                .orElse(
                        offers.isEmpty()
                                ? "install the bundle that has it: --plugin <file.jar>"
                                : "build the bundle again against the version that is here");
    }
}
