package org.kolotoc.launcher.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A policy that can't be understood is none that lets everything pass. */
final class PolicyTest {
    private static final String GOOD =
            "{\"schema\": \"kolotoc.policy/1\", \"trust\": \"signed\", \"keys\": \"keys.pem\"}";

    /** Of an authority that this JDK brings, which signs no bundle. */
    private static void keys(Path file) throws Exception {
        var store = java.security.KeyStore.getInstance(
                Path.of(System.getProperty("java.home"), "lib", "security", "cacerts")
                        .toFile(),
                "changeit".toCharArray());
        byte[] certificate = store.getCertificate(store.aliases().nextElement()).getEncoded();
        Files.writeString(
                file,
                "-----BEGIN CERTIFICATE-----\n"
                        + java.util.Base64.getMimeEncoder().encodeToString(certificate)
                        + "\n-----END CERTIFICATE-----\n");
    }

    @TempDir
    Path folder;

    private Distrust refused(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("policy.json"), json);
        Distrust refused = assertThrows(Distrust.class, () -> Policy.read(file));
        assertFalse(refused.next().isEmpty());
        return refused;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "schema\": \"kolotoc.policy/1 | schema\": \"kolotoc.policy/2 | says at $.schema \"kolotoc.policy/2\";"
                        + " expected kolotoc.policy/1",
                "signed | any | says at $.trust \"any\"; expected signed",
                "trust | rtust | says at $.rtust \"signed\"; expected no such field",
                "\"keys.pem\" | [] | says at $.keys []; expected the name of a file",
                ", \"keys\": \"keys.pem\" | '' | does not say $.keys",
                "{ | [{ | is no JSON object",
                "keys.pem | other.pem | other.pem, which file is not there",
                "keys.pem | policy.json | policy.json, which file holds no certificates in PEM form",
                "keys.pem | empty.pem | empty.pem, which file has no certificate",
            })
    void whatItSaysIsKnownOrItIsRefused(String part, String other, String why) throws Exception {
        keys(folder.resolve("keys.pem"));
        Files.writeString(folder.resolve("empty.pem"), "");
        assertEquals(
                1,
                Policy.read(Files.writeString(folder.resolve("good.json"), GOOD))
                        .keys()
                        .certificates()
                        .size());
        assertTrue(GOOD.contains(part), part);
        String said = refused(GOOD.replace(part, other)).getMessage();
        assertTrue(said.contains(why), said);
    }

    @Test
    void everyPolicyHasToLetAJarPassAndNamesItself() throws Exception {
        keys(folder.resolve("keys.pem"));
        Path file = Files.writeString(folder.resolve("policy.json"), GOOD);
        Path jar = folder.resolve("any.jar");
        try (var _ = new JarOutputStream(Files.newOutputStream(jar), new java.util.jar.Manifest())) {
            // A manifest alone.
        }
        byte[] content = Files.readAllBytes(jar);
        assertEquals(List.of(), new Gate(List.of(), folder, _ -> List.of(), _ -> false).apply(content));
        Gate gate = new Gate(List.of(Policy.read(file)), folder, _ -> List.of(), _ -> false);
        assertEquals(
                List.of(
                        "is not signed; " + file + " demands signed bundles",
                        "sign it: jarsigner -keystore <keystore> <jar> <alias>"),
                gate.apply(content));
        try (var files = Files.list(folder)) {
            assertEquals(3, files.count(), "nothing stays of what it looked at");
        }
    }
}
