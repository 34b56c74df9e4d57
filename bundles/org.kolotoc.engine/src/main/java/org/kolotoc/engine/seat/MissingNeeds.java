package org.kolotoc.engine.seat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Namespace;

/** Which packages an unresolved bundle imports that nobody offers, for a person. */
final class MissingNeeds {
    private static final Pattern PACKAGE = Pattern.compile("osgi\\.wiring\\.package=([^)]+)\\)");
    private static final Pattern VERSION = Pattern.compile("version>=([^)]+)\\)");

    private MissingNeeds() {}

    static String of(Bundle bundle, Bundle[] all) {
        List<String> lines = new ArrayList<>();
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        for (BundleRequirement need : revision.getDeclaredRequirements(PackageNamespace.PACKAGE_NAMESPACE)) {
            boolean optional = Namespace.RESOLUTION_OPTIONAL.equals(
                    need.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
            if (!optional && offers(all).stream().noneMatch(need::matches)) {
                lines.add(describe(need, all));
            }
        }
        return lines.isEmpty() ? "" : "\n  " + String.join("\n  ", lines);
    }

    private static List<BundleCapability> offers(Bundle[] all) {
        List<BundleCapability> offers = new ArrayList<>();
        for (Bundle other : all) {
            BundleRevision revision = other.adapt(BundleRevision.class);
            if (revision != null) {
                offers.addAll(revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE));
            }
        }
        return offers;
    }

    private static String describe(BundleRequirement need, Bundle[] all) {
        String filter = need.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE);
        Matcher name = PACKAGE.matcher(filter);
        Matcher version = VERSION.matcher(filter);
        String wanted = name.find() ? name.group(1) : filter;
        String from = version.find() ? ", version " + version.group(1) + " or newer" : "";
        String there = offers(all).stream()
                .filter(offer -> wanted.equals(offer.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE)))
                .map(offer -> offer.getRevision().getSymbolicName() + " offers version "
                        + offer.getAttributes().get("version"))
                .findFirst()
                .orElse("nothing installed offers it");
        return "it needs package " + wanted + from + "; " + there;
    }
}
