package org.kolotoc.launcher;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/**
 * SHA-256 of every bundle's jar, of the very bytes that were installed: what lies in the same place later may be another
 * jar. Asked by the number of a bundle; an empty text where none is known.
 */
final class Hashes implements LongFunction<String> {
    private final Map<Long, String> known = new ConcurrentHashMap<>();

    /**
     * Installs a jar from the bytes that are hashed; a location that is installed already is left as it is.
     *
     * @param from its content
     */
    Bundle install(BundleContext context, Path jar, InputStream from) throws BundleException, IOException {
        String location = jar.toRealPath().toUri().toString();
        Bundle there = context.getBundle(location);
        if (there != null) {
            return there;
        }
        try (DigestInputStream in = new DigestInputStream(from, digest())) {
            Bundle bundle = context.installBundle(location, unclosed(in));
            known.put(bundle.getBundleId(), rest(in));
            return bundle;
        }
    }

    /** Notes the jar that a class of this process came from, for the bundle that it is part of. */
    void note(Bundle bundle, Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null) {
            return;
        }
        try (DigestInputStream in = new DigestInputStream(
                Files.newInputStream(Path.of(source.getLocation().toURI())), digest())) {
            known.put(bundle.getBundleId(), rest(in));
        } catch (IOException | URISyntaxException | IllegalArgumentException _) {
            // Classes that come from no jar have no hash.
        }
    }

    @Override
    public String apply(long bundle) {
        return known.getOrDefault(bundle, "");
    }

    /** The framework closes what it has read; what it may have left unread belongs to the jar too. */
    private static InputStream unclosed(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public void close() {}
        };
    }

    /** SHA-256 of a content. */
    static String of(byte[] content) {
        return HexFormat.of().formatHex(digest().digest(content));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String rest(DigestInputStream in) throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
        return HexFormat.of().formatHex(in.getMessageDigest().digest());
    }
}
