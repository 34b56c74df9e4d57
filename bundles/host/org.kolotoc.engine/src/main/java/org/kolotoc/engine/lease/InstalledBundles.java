package org.kolotoc.engine.lease;

import com.google.gson.JsonArray;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.state.Hash;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** The framework's bundles: what is in their jars, and who brought them, as the launcher tells it. */
public record InstalledBundles(BundleContext context) {
    private static final String ASKED = "asked";
    private static final String PROGRAM = "program";

    /** All of them, ordered by name. */
    public List<Bundle> all() {
        return Arrays.stream(context.getBundles())
                .sorted(Comparator.comparing(Bundle::getSymbolicName))
                .toList();
    }

    /** All of them, as a lock has them. */
    public JsonArray json() {
        JsonArray list = new JsonArray();
        all().stream().map(bundle -> content(bundle).json()).forEach(list::add);
        return list;
    }

    /** What a bundle is. */
    public BundleContent content(Bundle bundle) {
        return new BundleContent(bundle.getSymbolicName(), bundle.getVersion().toString(), hash(bundle));
    }

    /** The bundle of that very content, those first that did not come out of a run's folder. */
    Optional<Bundle> find(BundleContent content) {
        return all().stream()
                .filter(bundle -> !bundle.getLocation().contains(Leases.COPY))
                .filter(bundle -> content(bundle).equals(content))
                .min(Comparator.comparing(bundle -> bundle.getLocation().startsWith(Leases.OF_A_RUN)));
    }

    /** Those that a person named with {@code --plugin}. */
    List<Bundle> asked() {
        return all().stream().filter(this::isAsked).toList();
    }

    /**
     * Installs a jar: the one way on which bundles come that the launcher did not install.
     *
     * @param what the jar, for messages
     * @throws InputError when a policy of this host does not let it run; nothing of it was used then
     */
    public Bundle install(String location, byte[] jar, String what) throws BundleException {
        requireTrusted(jar, what);
        return context.installBundle(location, new ByteArrayInputStream(jar));
    }

    /**
     * Refuses a jar that a policy of this host does not let run.
     *
     * @param what the jar, for messages
     */
    @SuppressWarnings({"rawtypes", "unchecked"})
    public void requireTrusted(byte[] jar, String what) {
        try {
            for (ServiceReference<Function> reference :
                    context.getServiceReferences(Function.class, "(kolotoc.trusts=jar)")) {
                List<String> fault = ((Function<byte[], List<String>>) context.getService(reference)).apply(jar);
                if (!fault.isEmpty()) {
                    throw InputError.of(what + " " + fault.getFirst(), fault.getLast());
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a bundle is a part of the program. */
    public boolean isOwn(Bundle bundle) {
        return bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID || isFrom(bundle, PROGRAM);
    }

    /** Whether a person named it with {@code --plugin}. */
    public boolean isAsked(Bundle bundle) {
        return isFrom(bundle, ASKED);
    }

    private boolean isFrom(Bundle bundle, String origin) {
        return told("origins", bundle).filter(origin::equals).isPresent();
    }

    /** These bundles and all that they import from, or are completed by, that is no part of the program. */
    Collection<Bundle> withImports(Collection<Bundle> bundles) {
        Set<Bundle> all = new LinkedHashSet<>(bundles);
        Deque<Bundle> open = new ArrayDeque<>(bundles);
        while (!open.isEmpty()) {
            BundleWiring wiring = open.remove().adapt(BundleWiring.class);
            if (wiring != null) {
                Stream.concat(
                                wiring.getRequiredWires(null).stream().map(BundleWire::getProvider),
                                wiring.getProvidedWires(HostNamespace.HOST_NAMESPACE).stream()
                                        .map(BundleWire::getRequirer))
                        .map(revision -> revision.getBundle())
                        .filter(bundle -> !isOwn(bundle))
                        .filter(all::add)
                        .forEach(open::add);
            }
        }
        return all;
    }

    /** The jar of a bundle, as it was installed; empty where it can't be had any more. */
    Optional<byte[]> jar(Bundle bundle) {
        try {
            Object told = told("jars", bundle).orElse(null);
            byte[] jar = Files.readAllBytes(told instanceof Path path ? path : Path.of(place(bundle)));
            return Hash.of(jar).equals(hash(bundle)) ? Optional.of(jar) : Optional.empty();
        } catch (IOException | IllegalArgumentException | URISyntaxException | FileSystemNotFoundException _) {
            return Optional.empty();
        }
    }

    /** Of the bytes that were installed, where somebody noted it; elsewhere of the jar that lies there now. */
    private String hash(Bundle bundle) {
        if (bundle.getLocation() != null && bundle.getLocation().startsWith(Leases.OF_A_RUN)) {
            int begin = Leases.OF_A_RUN.length();
            return bundle.getLocation().substring(begin, begin + BundleContent.HASH_LENGTH);
        }
        if (told("hashes", bundle).orElse(null) instanceof String hash && !hash.isEmpty()) {
            return hash;
        }
        try {
            return Hash.of(Path.of(place(bundle)));
        } catch (IOException | IllegalArgumentException | URISyntaxException | FileSystemNotFoundException _) {
            return "";
        }
    }

    /** Where a bundle came from; that of the framework itself has no location. */
    private static URI place(Bundle bundle) throws URISyntaxException {
        if (bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID) {
            return URI.create(bundle.getLocation());
        }
        CodeSource source = bundle.getClass().getProtectionDomain().getCodeSource();
        return source == null
                ? URI.create(bundle.getLocation())
                : source.getLocation().toURI();
    }

    /** What the launcher tells of a bundle: {@code hashes}, {@code origins} or {@code jars}. */
    @SuppressWarnings("rawtypes")
    private Optional<?> told(String what, Bundle bundle) {
        try {
            return context.getServiceReferences(LongFunction.class, "(kolotoc." + what + "=bundle)").stream()
                    .findFirst()
                    .map(reference -> ((LongFunction<?>) context.getService(reference)).apply(bundle.getBundleId()));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
