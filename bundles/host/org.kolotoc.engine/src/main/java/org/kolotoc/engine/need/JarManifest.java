package org.kolotoc.engine.need;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.apache.felix.utils.resource.ResourceBuilder;
import org.apache.felix.utils.resource.ResourceImpl;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Resource;

/**
 * What the manifest of a bundle's jar says that it offers and needs; nothing of it is installed.
 *
 * @param jar its file
 */
public record JarManifest(Path jar, Resource resource) {
    /**
     * Reads it.
     *
     * @throws BundleException when it is no bundle's
     */
    public static JarManifest of(Path jar) throws IOException, BundleException {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            Manifest manifest = file.getManifest();
            if (manifest == null) {
                throw new BundleException("it has no META-INF/MANIFEST.MF");
            }
            Map<String, String> headers = new HashMap<>();
            manifest.getMainAttributes().forEach((name, value) -> headers.put(name.toString(), value.toString()));
            return new JarManifest(jar, ResourceBuilder.build(jar.toUri().toString(), headers));
        } catch (IllegalArgumentException e) {
            throw new BundleException(e.getMessage(), e);
        }
    }

    /** What the manifest of a jar says it provides, whether the rest of it can be used or not; nothing where it has none. */
    static List<Capability> provided(Path jar) {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            String provided = file.getManifest() == null
                    ? null
                    : file.getManifest().getMainAttributes().getValue(Constants.PROVIDE_CAPABILITY);
            return provided == null ? List.of() : ResourceBuilder.parseCapability(new ResourceImpl(), provided);
        } catch (IOException | BundleException | IllegalArgumentException _) {
            return List.of();
        }
    }

    /** Whether it offers something. */
    boolean offers(Predicate<Capability> wanted) {
        return resource.getCapabilities(null).stream().anyMatch(wanted);
    }

    /** Its symbolic name. */
    public String name() {
        return identity(IdentityNamespace.IDENTITY_NAMESPACE);
    }

    /** Its version. */
    public String version() {
        return identity(IdentityNamespace.CAPABILITY_VERSION_ATTRIBUTE);
    }

    private String identity(String attribute) {
        return resource.getCapabilities(IdentityNamespace.IDENTITY_NAMESPACE).stream()
                .map(capability -> String.valueOf(capability.getAttributes().get(attribute)))
                .findFirst()
                .orElse("");
    }

    /** {@code org.kolotoc.model.gpt 0.1.0}. */
    @Override
    public String toString() {
        return name() + " " + version();
    }
}
