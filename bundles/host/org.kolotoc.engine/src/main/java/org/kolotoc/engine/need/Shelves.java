package org.kolotoc.engine.need;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.utils.resource.RequirementImpl;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Versions;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Requirement;

/**
 * Jars that could be installed and are not: those of the runtime's features, which the launcher names.
 *
 * @param context of whoever asks
 */
public record Shelves(BundleContext context) {
    /**
     * A bundle on a shelf.
     *
     * @param shelf {@code the feature tornado}
     * @param bundle its name and version; empty where they are not known
     * @param command installs it, or says why that can't be done
     */
    public record Offer(String shelf, String bundle, String command) {
        /** {@code org.kolotoc.backend.tornado 0.1.0 of the feature tornado}. */
        @Override
        public String toString() {
            return bundle.isEmpty() ? shelf : bundle + " of " + shelf;
        }
    }

    /** Bundles that would meet a requirement. */
    List<Offer> offering(Requirement need) {
        return offering(capability -> new RequirementImpl(null, need).matches(capability));
    }

    /**
     * Bundles that would fill a seat: of features, and jars of the folder of plugins that were left out.
     *
     * @param versions of them that will do
     */
    public List<Offer> offering(String kind, String id, Versions versions) {
        Predicate<Capability> wanted = fills(kind, id);
        List<Offer> offers = new ArrayList<>(offering(wanted, versions));
        Set<String> installed = locations();
        leftOut().keySet().stream()
                .map(Path::of)
                .filter(jar -> !installed.contains(location(jar))
                        && JarManifest.provided(jar).stream().anyMatch(wanted))
                .forEach(jar -> offers.add(new Offer(
                        "the jar " + jar + ", which was left out",
                        "",
                        "./kolotoc why " + Printable.word(jar.getFileName()))));
        return offers;
    }

    /** Jars of a folder, there or not, that would fill a seat. */
    public static List<Path> jars(Path folder, String kind, String id) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar") && Files.isRegularFile(file))
                    .filter(jar -> JarManifest.provided(jar).stream().anyMatch(fills(kind, id)))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException _) {
            return List.of();
        }
    }

    private static Predicate<Capability> fills(String kind, String id) {
        return capability -> capability.getNamespace().equals(Seat.NAMESPACE)
                && kind.equals(capability.getAttributes().get("kind"))
                && id.equals(capability.getAttributes().get("id"));
    }

    /** Jars that were left out before they were bundles, or that did not start, and why, as the launcher tells it. */
    @SuppressWarnings("unchecked")
    public Map<String, String> leftOut() {
        return (Map<String, String>) told("(kolotoc.leftOut=true)");
    }

    /** Bundles of a symbolic name. */
    public List<Offer> named(String name) {
        return offering(capability -> capability.getNamespace().equals(IdentityNamespace.IDENTITY_NAMESPACE)
                && name.equals(capability.getAttributes().get(IdentityNamespace.IDENTITY_NAMESPACE)));
    }

    private List<Offer> offering(Predicate<Capability> wanted) {
        return offering(wanted, Versions.ANY);
    }

    private static boolean offers(JarManifest manifest, Predicate<Capability> wanted, Versions versions) {
        return manifest.offers(wanted) && versions.has(Version.parseVersion(manifest.version()));
    }

    private List<Offer> offering(Predicate<Capability> wanted, Versions versions) {
        Set<String> installed = locations();
        List<Offer> offers = new ArrayList<>();
        features()
                .forEach((feature, jars) -> jars.stream()
                        .filter(jar -> !installed.contains(location(jar)))
                        .flatMap(jar -> manifest(jar).stream())
                        .filter(manifest -> offers(manifest, wanted, versions))
                        .forEach(manifest -> offers.add(
                                new Offer("the feature " + feature, manifest.toString(), "--feature " + feature))));
        return offers;
    }

    /** A jar on a shelf that can't be read offers nothing. */
    private static Optional<JarManifest> manifest(Path jar) {
        try {
            return Optional.of(JarManifest.of(jar));
        } catch (IOException | BundleException _) {
            return Optional.empty();
        }
    }

    /** Where a bundle of a jar is installed from, as the launcher names it. */
    public static String location(Path jar) {
        try {
            return jar.toRealPath().toUri().toString();
        } catch (IOException _) {
            return jar.toUri().toString();
        }
    }

    /** Where a bundle was read from; one that a run brought came out of its folder, or with a swap. */
    public static Reason origin(Bundle bundle) {
        String location = bundle.getLocation();
        return Reason.of(location.startsWith("file:") ? "from " + location : "brought to a run");
    }

    private Set<String> locations() {
        return Arrays.stream(context.getBundles()).map(Bundle::getLocation).collect(Collectors.toSet());
    }

    @SuppressWarnings("unchecked")
    private Map<String, List<Path>> features() {
        return (Map<String, List<Path>>) told("(kolotoc.features=jars)");
    }

    @SuppressWarnings("rawtypes")
    private Map<?, ?> told(String filter) {
        try {
            return context.getServiceReferences(Supplier.class, filter).stream()
                    .findFirst()
                    .map((ServiceReference<Supplier> reference) -> context.getService(reference))
                    .map(service -> (Map<?, ?>) service.get())
                    .orElse(Map.of());
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
