package org.kolotoc.engine.feature;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.lease.InstalledBundles;
import org.kolotoc.engine.need.JarManifest;
import org.kolotoc.engine.state.Hash;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.resource.Resource;

/**
 * A feature whose bundles were found to resolve beside what is there.
 *
 * @param jars where the jar of each lies until it is installed; empty in a dry run of what an index offers
 */
record Staged(FeatureState.Feature feature, Map<FeatureState.Jar, Path> jars) {
    private static final int SHORT = 8;

    /**
     * Fetches, reads and resolves; nothing is installed.
     *
     * @param scratch a folder that is removed afterwards
     * @param fetch whether jars that an index names are fetched too
     */
    static Staged of(Offered offered, Source source, BundleContext context, Path scratch, boolean fetch) {
        InstalledBundles installed = new InstalledBundles(context);
        Map<Resource, FeatureState.Jar> known = new LinkedHashMap<>();
        Map<FeatureState.Jar, Path> jars = new LinkedHashMap<>();
        List<Resource> wanted = new ArrayList<>();
        for (Offered.Item item : offered.items()) {
            Path file = scratch.resolve("jar-" + jars.size() + "-" + wanted.size() + ".jar");
            JarManifest manifest = fetched(item, file, installed);
            FeatureState.Jar jar = jar(manifest.name(), manifest.version(), file);
            if (!isOwn(jar, installed)) {
                requireAlone(jar, installed);
                known.put(manifest.resource(), jar);
                wanted.add(manifest.resource());
                jars.put(jar, file);
            }
        }
        source.indexed(offered.name()).filter(_ -> offered.items().isEmpty()).ifPresent(wanted::add);
        List<Resource> more = source.indexes().stream()
                .flatMap(index -> index.resources().stream())
                .filter(resource -> !wanted.contains(resource))
                .toList();
        List<Resource> needed = new Resolution(context).of(offered.toString(), wanted, more, source.from());
        List<FeatureState.Jar> bundles = new ArrayList<>();
        for (Resource resource : wanted.isEmpty() ? List.<Resource>of() : needed) {
            FeatureState.Jar jar = known.get(resource);
            if (jar == null && fetch) {
                Path file = scratch.resolve("index-" + bundles.size() + ".jar");
                JarManifest manifest = fetched(source.item(resource), file, installed);
                jar = jar(manifest.name(), manifest.version(), file);
                requireAlone(jar, installed);
                jars.put(jar, file);
            } else if (jar == null) {
                jar = new FeatureState.Jar(Index.name(resource), Index.version(resource), "", "");
            }
            bundles.add(jar);
        }
        if (bundles.isEmpty()) {
            throw InputError.of(
                    "all bundles of the feature " + offered + " are a part of the program already",
                    "leave it; ./kolotoc list shows what is plugged in");
        }
        return new Staged(new FeatureState.Feature(offered.name(), offered.version(), source.from(), bundles), jars);
    }

    private static JarManifest fetched(Offered.Item item, Path file, InstalledBundles installed) {
        Fetch.copy(item.address(), item.sha256(), item.place(), file);
        try {
            installed.requireTrusted(Files.readAllBytes(file), item.place());
            return JarManifest.of(file);
        } catch (IOException | BundleException e) {
            throw InputError.of(
                    item.place() + " is no bundle: " + e.getMessage(),
                    "build it with bnd-maven-plugin, as the plugins in examples/ do; nothing was installed",
                    e);
        }
    }

    private static FeatureState.Jar jar(String name, String version, Path file) {
        try {
            String hash = Hash.of(file);
            String plain = (name + "-" + version).replaceAll("[^A-Za-z0-9_.-]", "_");
            return new FeatureState.Jar(name, version, hash, plain + "-" + hash.substring(0, SHORT) + ".jar");
        } catch (IOException e) {
            throw InputError.of(file + " can't be read: " + Printable.reason(e), "look at the disk", e);
        }
    }

    private static Optional<Bundle> there(FeatureState.Jar jar, InstalledBundles installed) {
        return Arrays.stream(installed.context().getBundles())
                .filter(bundle -> jar.name().equals(bundle.getSymbolicName())
                        && jar.version().equals(bundle.getVersion().toString()))
                .findFirst();
    }

    private static boolean isOwn(FeatureState.Jar jar, InstalledBundles installed) {
        return there(jar, installed).filter(installed::isOwn).isPresent();
    }

    /** Of one name and version there is one content. */
    private static void requireAlone(FeatureState.Jar jar, InstalledBundles installed) {
        there(jar, installed)
                .filter(bundle -> !installed.content(bundle).sha256().equals(jar.sha256()))
                .ifPresent(bundle -> {
                    throw InputError.of(
                            "the bundle " + jar + " is plugged in already, with another content: "
                                    + bundle.getLocation(),
                            "give one of them another version, or take the other out; nothing was installed");
                });
    }
}
