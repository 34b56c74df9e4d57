package org.kolotoc.launcher.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/**
 * Holds a jar against the signatures in it, with the JDK's own {@link JarFile}. More is asked than that class does by itself:
 * every entry is signed and by a known key, those that a version of Java takes the place of another with included; none of
 * the manifest's is missing; and the manifest as a whole is what was signed, so that no header of the bundle was changed. A jar
 * in a jar is an entry like others.
 */
final class SignedJar {
    private static final String META = "META-INF/";
    private static final int MOST_ENTRIES = 100_000;
    private static final long MOST_BYTES = 1L << 30;
    private static final int MOST_OF_ONE = 1 << 24;
    private static final int SHOWN = 120;

    /** Files with signatures: they are no content, and are not signed themselves. */
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/([^/]+)\\.(SF|RSA|DSA|EC)|META-INF/SIG-[^/]*");

    private static final List<String> DIGESTS = List.of("SHA-256", "SHA-384", "SHA-512");
    private static final String OF_MANIFEST = "-Digest-Manifest";
    private static final String AGAIN =
            "get it again from whoever made it, or sign it: jarsigner -keystore <keystore>" + " <jar> <alias>";

    private final JarFile jar;
    private final Keys keys;
    private final Set<CodeSigner> trusted = new HashSet<>();
    private final byte[] part = new byte[1 << 16];
    private final long most;
    private long read;

    private SignedJar(JarFile jar, Keys keys, long most) {
        this.jar = jar;
        this.keys = keys;
        this.most = most;
    }

    /**
     * Refuses what is not signed as a whole by one of the keys.
     *
     * @throws Distrust with the first thing that is wrong
     */
    static void require(Path file, Keys keys) throws Distrust {
        require(file, keys, MOST_BYTES);
    }

    /** @param most bytes that it may unpack to */
    static void require(Path file, Keys keys, long most) throws Distrust {
        // Entries as they are stored, not as one version of Java sees them.
        try (JarFile jar = new JarFile(file.toFile(), true, ZipFile.OPEN_READ, JarFile.baseVersion())) {
            new SignedJar(jar, keys, most).require();
        } catch (IOException e) {
            throw new Distrust("is no whole jar: " + e.getMessage(), AGAIN, e);
        } catch (SecurityException e) {
            throw new Distrust("was altered after it was signed: " + e.getMessage(), AGAIN, e);
        }
    }

    private void require() throws Distrust, IOException {
        List<JarEntry> entries = jar.stream().toList();
        if (entries.size() > MOST_ENTRIES) {
            throw new Distrust("has " + entries.size() + " entries; at most " + MOST_ENTRIES + " are read", AGAIN);
        }
        requireDistinct(entries);
        List<String> signatures = signatures(entries);
        byte[] manifest = bytes(JarFile.MANIFEST_NAME);
        for (String signature : signatures) {
            requireWhole(signature, manifest);
        }
        for (JarEntry entry : entries) {
            if (!entry.getName().equals(JarFile.MANIFEST_NAME) && !isSignature(entry.getName())) {
                require(entry);
            }
        }
        requireAll(manifest);
    }

    /** Of two entries of a name, one would be looked at and the other be used; so is it in META-INF whatever the case. */
    private static void requireDistinct(List<JarEntry> entries) throws Distrust {
        Set<String> names = new HashSet<>();
        for (JarEntry entry : entries) {
            String name = entry.getName();
            boolean meta = name.regionMatches(true, 0, META, 0, META.length());
            if (!names.add(meta ? name.toUpperCase(Locale.ROOT) : name)) {
                throw new Distrust("has two entries of the name " + shown(name), AGAIN);
            }
        }
    }

    /** Files that say what was signed: at least one, each with the signature that belongs to it, and nothing more of the kind. */
    private static List<String> signatures(List<JarEntry> entries) throws Distrust {
        Map<String, String> said = new TreeMap<>();
        Set<String> signed = new TreeSet<>();
        for (JarEntry entry : entries) {
            var parts = SIGNATURE.matcher(entry.getName().toUpperCase(Locale.ROOT));
            if (!parts.matches()) {
                continue;
            }
            if (parts.group(1) == null) {
                throw new Distrust("has the entry " + shown(entry.getName()) + ", which no signature covers", AGAIN);
            }
            if (parts.group(2).equals("SF")) {
                said.put(parts.group(1), entry.getName());
            } else {
                signed.add(parts.group(1));
            }
        }
        if (said.isEmpty() && signed.isEmpty()) {
            throw new Distrust("is not signed", "sign it: jarsigner -keystore <keystore> <jar> <alias>");
        }
        if (!signed.equals(said.keySet())) {
            throw new Distrust(
                    "has a signature without what was signed, or the other way round: " + META + "*.SF of "
                            + said.keySet() + ", signatures of " + signed,
                    AGAIN);
        }
        return List.copyOf(said.values());
    }

    private static boolean isSignature(String name) {
        return SIGNATURE.matcher(name.toUpperCase(Locale.ROOT)).matches();
    }

    private byte[] bytes(String name) throws Distrust, IOException {
        JarEntry entry = jar.getJarEntry(name);
        if (entry == null) {
            throw new Distrust("has no " + name, AGAIN);
        }
        try (InputStream in = jar.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(MOST_OF_ONE + 1);
            if (bytes.length > MOST_OF_ONE) {
                throw new Distrust("has a " + name + " of more than " + (MOST_OF_ONE >> 20) + " MiB", AGAIN);
            }
            return bytes;
        }
    }

    /** The JDK is content when each entry's own section of the manifest is the signed one; headers are in none of these. */
    private void requireWhole(String signature, byte[] manifest) throws Distrust, IOException {
        Attributes said = new Manifest(new ByteArrayInputStream(bytes(signature))).getMainAttributes();
        boolean covered = false;
        for (Object key : said.keySet()) {
            String name = key.toString();
            String digest = name.endsWith(OF_MANIFEST) ? name.substring(0, name.length() - OF_MANIFEST.length()) : "";
            if (DIGESTS.contains(digest)) {
                covered = true;
                if (!said.getValue(name).equals(digest(digest, manifest))) {
                    throw new Distrust("has another " + JarFile.MANIFEST_NAME + " than was signed", AGAIN);
                }
            }
        }
        if (!covered) {
            throw new Distrust(
                    "has a signature, " + signature + ", that does not cover its whole manifest by one of " + DIGESTS,
                    AGAIN);
        }
    }

    private static String digest(String algorithm, byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads it to its end, which is when the JDK knows whether it is what was signed. */
    private void require(JarEntry entry) throws Distrust, IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
                read += count;
                if (read > most) {
                    throw new Distrust("unpacks to more than " + most + " bytes", AGAIN);
                }
            }
        } catch (SecurityException e) {
            throw new Distrust(
                    "has the entry " + shown(entry.getName()) + ", which was altered after it was signed", AGAIN, e);
        }
        CodeSigner[] signers = entry.getCodeSigners();
        if (signers == null || signers.length == 0) {
            if (!entry.isDirectory() || entry.getSize() > 0) {
                throw new Distrust(
                        "has the entry " + shown(entry.getName()) + ", which is not signed, or in a way that this"
                                + " JDK does not believe",
                        AGAIN);
            }
            return;
        }
        Distrust why = null;
        for (CodeSigner signer : signers) {
            if (trusted.contains(signer)) {
                return;
            }
            try {
                keys.require(signer);
                trusted.add(signer);
                return;
            } catch (Distrust e) {
                why = why == null ? e : why;
            }
        }
        throw why;
    }

    /** Refuses where an entry was taken out. */
    private void requireAll(byte[] manifest) throws Distrust, IOException {
        for (Map.Entry<String, Attributes> section :
                new Manifest(new ByteArrayInputStream(manifest)).getEntries().entrySet()) {
            boolean content = section.getValue().keySet().stream()
                    .anyMatch(name -> name.toString().toLowerCase(Locale.ROOT).endsWith("-digest"));
            if (content && jar.getEntry(section.getKey()) == null) {
                throw new Distrust("lacks the entry " + shown(section.getKey()) + ", which was signed", AGAIN);
            }
        }
    }

    private static String shown(String name) {
        String plain = name.replaceAll("[^\\p{Print}]", "?");
        return plain.length() > SHOWN ? plain.substring(0, SHOWN) + "..." : plain;
    }
}
