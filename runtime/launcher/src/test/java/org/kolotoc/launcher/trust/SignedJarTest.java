package org.kolotoc.launcher.trust;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import jdk.security.jarsigner.JarSigner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done to a jar after it was signed, and who signs: each is found before a class of it is loaded. */
final class SignedJarTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String CLASS = "acme/Model.class";
    private static final String NESTED = "lib/inner.jar";

    @TempDir
    static Path folder;

    private static KeyStore store;
    private static Path signed;
    private static int number;

    /** Keys as a person makes them, who has nothing else for it than keytool. */
    @BeforeAll
    static void makeKeysAndSign() throws Exception {
        Path file = folder.resolve("keys.p12");
        new Keytool(file, new String(PASSWORD))
                .key("good", "-validity", "30")
                .key("stranger", "-validity", "30")
                .key("old", "-startdate", "-20d", "-validity", "10")
                .key("early", "-startdate", "+10d", "-validity", "10")
                .key("authority", "-validity", "30", "-ext", "bc:c")
                .key("member", "-validity", "30", "-signer", "authority")
                .key("below", "-validity", "30", "-signer", "member")
                .key("server", "-validity", "30", "-signer", "authority", "-ext", "eku=serverAuth")
                .key("former", "-startdate", "-20d", "-validity", "10", "-signer", "authority")
                .run();
        store = KeyStore.getInstance(file.toFile(), PASSWORD);
        signed = sign("good", unsigned());
    }

    private static Path file() {
        return folder.resolve("jar-" + number++ + ".jar");
    }

    private static Path unsigned() throws IOException {
        Manifest manifest = new Manifest(
                new ByteArrayInputStream("Manifest-Version: 1.0\nBundle-SymbolicName: acme\nMulti-Release: true\n\n"
                        .getBytes(StandardCharsets.UTF_8)));
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(inner)) {
            jar.putNextEntry(new JarEntry("acme/Inner.class"));
            jar.write(new byte[100]);
        }
        Path file = file();
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new JarEntry("acme/"));
            for (String name : List.of(CLASS, "META-INF/versions/25/" + CLASS, "OSGI-INF/acme.xml")) {
                jar.putNextEntry(new JarEntry(name));
                jar.write(name.getBytes(StandardCharsets.UTF_8));
            }
            jar.putNextEntry(new JarEntry(NESTED));
            jar.write(inner.toByteArray());
        }
        return file;
    }

    private static Path sign(String alias, Path jar) throws Exception {
        return sign(alias, jar, UnaryOperator.identity());
    }

    private static Path sign(String alias, Path jar, UnaryOperator<JarSigner.Builder> how) throws Exception {
        var entry = (KeyStore.PrivateKeyEntry) store.getEntry(alias, new KeyStore.PasswordProtection(PASSWORD));
        Path file = file();
        try (ZipFile in = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(file)) {
            how.apply(new JarSigner.Builder(entry).signerName(alias)).build().sign(in, out);
        }
        return file;
    }

    private static Keys keys(String... aliases) throws Exception {
        List<X509Certificate> certificates = new java.util.ArrayList<>();
        for (String alias : aliases) {
            certificates.add((X509Certificate) store.getCertificate(alias));
        }
        return new Keys(Path.of("keys.pem"), certificates);
    }

    /** The same with other contents; null takes an entry out. */
    private static Path with(Path jar, Map<String, byte[]> changes) throws IOException {
        Map<String, byte[]> left = new LinkedHashMap<>(changes);
        Path file = file();
        try (ZipFile in = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (ZipEntry entry : in.stream().toList()) {
                byte[] content = changes.containsKey(entry.getName())
                        ? left.remove(entry.getName())
                        : in.getInputStream(entry).readAllBytes();
                if (content != null) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    out.write(content);
                }
            }
            for (Map.Entry<String, byte[]> added : left.entrySet()) {
                if (added.getValue() != null) {
                    out.putNextEntry(new ZipEntry(added.getKey()));
                    out.write(added.getValue());
                }
            }
        }
        return file;
    }

    private static Path with(Path jar, String entry, byte[] content) throws IOException {
        Map<String, byte[]> change = new LinkedHashMap<>();
        change.put(entry, content);
        return with(jar, change);
    }

    private static String text(Path jar, String entry) throws IOException {
        try (ZipFile file = new ZipFile(jar.toFile());
                InputStream in = file.getInputStream(file.getEntry(entry))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void refused(String why, Path jar, String... aliases) throws Exception {
        Keys keys = keys(aliases.length == 0 ? new String[] {"good"} : aliases);
        Distrust refused = assertThrows(Distrust.class, () -> SignedJar.require(jar, keys));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
        assertFalse(refused.next().isEmpty(), "the next command");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsSignedAsAWholeByAKnownKeyPasses() throws Exception {
        SignedJar.require(signed, keys("good"));
        SignedJar.require(sign("good", sign("stranger", unsigned())), keys("stranger", "good"));
        SignedJar.require(sign("good", sign("stranger", unsigned())), keys("good"));
    }

    @Test
    void whatIsNotSignedIsRefused() throws Exception {
        refused("is not signed", unsigned());
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASS, "META-INF/versions/25/" + CLASS, "OSGI-INF/acme.xml", NESTED})
    void anEntryThatWasAlteredIsRefused(String entry) throws Exception {
        refused("has the entry " + entry + ", which was altered", with(signed, entry, bytes("another")));
        refused("lacks the entry " + entry, with(signed, entry, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "acme/Evil.class",
                "META-INF/versions/9/" + CLASS,
                "META-INF/versions/26/acme/Evil.class",
                "META-INF/services/java.lang.Runnable",
                "OSGI-INF/evil.xml",
                "lib/evil.jar",
                "../evil"
            })
    void anEntryThatWasAddedIsRefused(String entry) throws Exception {
        refused("has the entry " + entry + ", which is not signed", with(signed, entry, bytes("evil")));
    }

    /** What looks like a signature is signed by nobody, and a bundle's class path may name it. */
    @ParameterizedTest
    @CsvSource({
        "META-INF/SIG-EVIL, 'has the entry META-INF/SIG-EVIL, which no signature covers'",
        "META-INF/EVIL.RSA, has a signature without what was signed",
        "META-INF/EVIL.SF, has a signature without what was signed",
        "META-INF/evil.dsa, has a signature without what was signed",
    })
    void whatHidesAsASignatureIsRefused(String entry, String why) throws Exception {
        refused(why, with(signed, entry, bytes("Signature-Version: 1.0\n\n")));
    }

    /** The JDK alone is content with some of these. */
    @Test
    void aManifestThatIsNotTheOneThatWasSignedIsRefused() throws Exception {
        String manifest = text(signed, "META-INF/MANIFEST.MF");
        for (String other : List.of(
                manifest.replace("Multi-Release: true\r\n", ""),
                manifest.replace("Multi-Release", "Bundle-Activator: acme.Evil\r\nMulti-Release"))) {
            assertFalse(other.equals(manifest), "it was changed");
            refused("was altered after it was signed", with(signed, "META-INF/MANIFEST.MF", bytes(other)));
        }
        refused(
                "has another META-INF/MANIFEST.MF than was signed",
                with(signed, "META-INF/MANIFEST.MF", bytes(manifest + "Name: acme/\r\nSealed: true\r\n\r\n")));
        Path sections = sign("good", unsigned(), how -> how.setProperty("sectionsonly", "true"));
        refused("does not cover its whole manifest", sections);
        refused("META-INF/MANIFEST.MF", with(signed, "META-INF/MANIFEST.MF", null));
        refused(
                "has two entries of the name META-INF/manifest.mf",
                with(signed, "META-INF/manifest.mf", bytes(manifest)));
    }

    @Test
    void twoEntriesOfOneNameAreRefused() throws Exception {
        byte[] jar = Files.readAllBytes(with(signed, "acme/Madel.class", bytes("evil")));
        String same = new String(jar, StandardCharsets.ISO_8859_1).replace("acme/Madel", "acme/Model");
        refused(
                "has two entries of the name " + CLASS,
                Files.write(file(), same.getBytes(StandardCharsets.ISO_8859_1), StandardOpenOption.CREATE_NEW));
    }

    @Test
    void aKeyThatIsNotKnownIsRefused() throws Exception {
        refused("is signed by CN=stranger, whose key is not in keys.pem", sign("stranger", unsigned()));
        refused("is signed by CN=good, whose key is not in", signed, "authority");
        String block = "META-INF/GOOD.EC";
        Path mixed = with(signed, block, Files.readAllBytes(with(sign("stranger", unsigned()), Map.of())));
        refused("which is not signed", mixed);
    }

    @Test
    void aCertificateIsValidNowOrRefused() throws Exception {
        refused("is signed by CN=old, whose certificate was valid until", sign("old", unsigned()), "old");
        refused("is signed by CN=early, whose certificate is not valid before", sign("early", unsigned()), "early");
        refused("is signed by CN=former, whose certificate was valid until", sign("former", unsigned()), "authority");
    }

    @Test
    void anAuthorityStandsForWhoItCertifiesToSignCode() throws Exception {
        SignedJar.require(sign("member", unsigned()), keys("authority"));
        refused("CN=member, whose key is not in", sign("member", unsigned()), "good");
        refused("CN=member, whose key is not in", sign("member", unsigned()), "stranger", "server");
        refused("is not for signing code", sign("server", unsigned()), "authority");
        refused("CN=below, whose key is not in", sign("below", unsigned()), "member");
    }

    /** In the order of their names, so that every process says the same of one jar. */
    @Test
    void ofSeveralSignaturesTheFirstThatCoversTooLittleIsNamed() throws Exception {
        List<String> names = List.of("FIR", "OAK", "ASH", "ELM", "YEW", "BAY", "BOX", "FIG", "TEA");
        Path jar = unsigned();
        for (String name : names) {
            jar = sign("good", jar, how -> how.signerName(name).setProperty("sectionsonly", "true"));
        }
        for (String name : names.stream().sorted().toList()) {
            refused(
                    "has a signature, META-INF/" + name
                            + ".SF, that does not cover its whole manifest by one of [SHA-256, SHA-384, SHA-512]",
                    jar);
            jar = with(with(jar, "META-INF/" + name + ".SF", null), "META-INF/" + name + ".EC", null);
        }
    }

    @Test
    void digestsThatAreBrokenAreNotBelieved() throws Exception {
        refused("does not cover its whole manifest", sign("good", unsigned(), how -> {
            try {
                return how.digestAlgorithm("SHA-1");
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }));
    }

    @Test
    void whatIsNoWholeJarOrUnpacksToTooMuchIsRefused() throws Exception {
        byte[] whole = Files.readAllBytes(signed);
        refused("is no whole jar", Files.write(file(), Arrays.copyOf(whole, whole.length / 2)));
        refused("is no whole jar", Files.write(file(), bytes("no jar")));
        Keys keys = keys("good");
        Path bomb = sign("good", with(unsigned(), "acme/bomb", new byte[1 << 20]));
        assertDoesNotThrow(() -> SignedJar.require(bomb, keys, 1 << 21));
        assertEquals(
                "unpacks to more than 65536 bytes",
                assertThrows(Distrust.class, () -> SignedJar.require(bomb, keys, 1 << 16))
                        .getMessage());
    }
}
