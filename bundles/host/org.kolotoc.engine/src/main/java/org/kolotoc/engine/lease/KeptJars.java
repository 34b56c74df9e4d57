package org.kolotoc.engine.lease;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.state.Hash;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The jars in a run's folder. What is in them runs only with the content that the lock names, and only where this user ran it
 * before or says that it may run.
 */
record KeptJars(Path run, Trusted trusted, Client client) {
    private static final int MOST_BYTES = 1 << 28;
    private static final int SHOWN = 300;

    /**
     * Installs, resolves and starts bundles of the folder.
     *
     * @throws InputError when one is missing, altered or not to be trusted; then none of them runs
     */
    void install(List<BundleContent> wanted, InstalledBundles installed, boolean trust) {
        Map<BundleContent, byte[]> jars = new LinkedHashMap<>();
        wanted.forEach(content -> jars.put(content, read(content)));
        jars.forEach((content, jar) -> installed.requireTrusted(jar, shown(content)));
        List<BundleContent> strange = require(wanted, trust);
        client.tell(new Event.Disclosed("code of the run folder that is used: "
                + wanted.stream().map(this::shown).collect(Collectors.joining(", "))));
        List<Bundle> bundles = new ArrayList<>();
        jars.forEach((content, jar) -> bundles.add(install(content, jar, installed)));
        strange.forEach(trusted::add);
        installed
                .context()
                .getBundle(Constants.SYSTEM_BUNDLE_ID)
                .adapt(FrameworkWiring.class)
                .resolveBundles(bundles);
        bundles.forEach(this::start);
    }

    /**
     * Refuses what was never run here, unless somebody says that it may.
     *
     * @return what was not
     */
    List<BundleContent> require(List<BundleContent> wanted, boolean trust) {
        List<BundleContent> strange =
                wanted.stream().filter(content -> !trusted.has(content)).toList();
        if (!strange.isEmpty() && !trust) {
            throw InputError.of(
                    "the run folder " + run + " brings code that was never run here:\n  "
                            + strange.stream().map(this::shown).collect(Collectors.joining("\n  ")),
                    "it would run with all your rights; if you know who made it, say so: --trust; or give jars of your"
                            + " own: --plugin <jar>");
        }
        return strange;
    }

    Path file(BundleContent content) {
        return run.resolve(RunFolder.BUNDLES).resolve(content.file());
    }

    private String shown(BundleContent content) {
        return Printable.cut(file(content).toString(), SHOWN);
    }

    /** @throws InputError when it is missing or was altered */
    byte[] read(BundleContent content) {
        if (!content.isKeepable()) {
            throw InputError.of(
                    run.resolve(RunFolder.LOCK) + " says that the folder keeps "
                            + Printable.cut(content.toString(), SHOWN) + ", which is no name and version of a bundle",
                    "put the run's own lock.json there");
        }
        byte[] jar;
        try (InputStream in = Files.newInputStream(file(content), LinkOption.NOFOLLOW_LINKS)) {
            jar = in.readNBytes(MOST_BYTES);
        } catch (NoSuchFileException e) {
            throw refused(content, "is missing", e);
        } catch (IOException e) {
            throw refused(content, "can't be read: " + Printable.reason(e), e);
        }
        if (!Hash.of(jar).equals(content.sha256())) {
            throw refused(
                    content,
                    "is not the one that the run began with: recorded SHA-256 " + content.sha256() + ", found "
                            + Hash.of(jar),
                    null);
        }
        return jar;
    }

    private InputError refused(BundleContent content, String how, Exception cause) {
        return InputError.of(
                file(content) + " " + how,
                "put the former file back, or give the bundle " + content.name() + " " + content.version()
                        + " of your own: --plugin <jar>",
                cause);
    }

    private Bundle install(BundleContent content, byte[] jar, InstalledBundles installed) {
        try {
            Bundle bundle = installed.install(Leases.OF_A_RUN + content.sha256(), jar, shown(content));
            if (!installed.content(bundle).equals(content)) {
                bundle.uninstall();
                throw refused(content, "holds " + installed.content(bundle), null);
            }
            return bundle;
        } catch (BundleException e) {
            throw refused(content, "can't be installed: " + e.getMessage(), e);
        }
    }

    /** One that does not resolve is told of where it is used. */
    private void start(Bundle bundle) {
        Starting.failed(bundle).ifPresent(failed -> {
            throw notStarted(bundle, Starting.why(failed), failed);
        });
    }

    private InputError notStarted(Bundle bundle, String why, Exception cause) {
        return InputError.of(
                "the bundle " + bundle.getSymbolicName() + " " + bundle.getVersion() + " of the run folder " + run
                        + " does not start: " + why,
                "give one that does: --plugin <jar>",
                cause);
    }
}
