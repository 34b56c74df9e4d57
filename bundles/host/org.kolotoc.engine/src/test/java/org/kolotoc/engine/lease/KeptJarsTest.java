package org.kolotoc.engine.lease;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.TestFramework;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.state.Hash;

/** What lies in a run's folder is looked at before any of it runs. A framework that installs nothing is never asked to. */
final class KeptJarsTest {
    private static final byte[] JAR = {1, 2, 3};

    @TempDir
    Path folder;

    private Path run;
    private Trusted trusted;
    private final BundleContent content = new BundleContent("hello", "1.0.0", Hash.of(JAR));

    @BeforeEach
    void keep() throws IOException {
        run = Files.createDirectories(folder.resolve("run"));
        Files.createDirectories(run.resolve("bundles"));
        Files.write(run.resolve("bundles").resolve(content.file()), JAR);
        trusted = new Trusted(Optional.of(folder.resolve("home").resolve("trusted")));
    }

    private void refused(BundleContent wanted, boolean trust, String... said) {
        InputError error = assertThrows(
                InputError.class,
                () -> new KeptJars(run, trusted, Client.NOBODY)
                        .install(List.of(wanted), new InstalledBundles(new TestFramework().context()), trust));
        for (String part : said) {
            assertTrue((error.getMessage() + error.next()).contains(part), error.getMessage() + error.next());
        }
        assertFalse(trusted.has(wanted), "what was refused is not trusted next time");
    }

    @Test
    void whatWasNeverRunIsAskedFor() {
        refused(content, false, "brings code that was never run here", content.file(), "--trust");
    }

    @Test
    void anotherContentIsRefusedWhoeverTrustsIt() throws IOException {
        Path jar = run.resolve("bundles").resolve(content.file());
        Files.write(jar, new byte[] {1, 2, 4});
        refused(content, true, jar + " is not the one that the run began with: recorded SHA-256 " + content.sha256());
        Files.delete(jar);
        refused(content, true, jar + " is missing", "--plugin <jar>");
        Files.createSymbolicLink(jar, Files.write(folder.resolve("other"), JAR));
        refused(content, true, jar + " can't be read");
    }

    /** A lock is a file like others: what it says may lead anywhere. */
    @Test
    void namesThatLeadOutOfTheFolderAreRefused() {
        for (BundleContent wanted : List.of(
                new BundleContent("../hello", "1.0.0", content.sha256()),
                new BundleContent("hello", "1/../../0", content.sha256()),
                new BundleContent("..", "1", content.sha256()),
                new BundleContent("hello", "1.0.0", ""))) {
            refused(wanted, true, "which is no name and version of a bundle");
        }
    }

    @Test
    void whatWasTrustedOnceIsRemembered() {
        assertFalse(trusted.has(content));
        trusted.add(content);
        trusted.add(content);
        assertTrue(trusted.has(content));
        assertFalse(trusted.has(new BundleContent("hello", "1.0.0", Hash.of(new byte[0]))));
        assertFalse(trusted.has(new BundleContent("hello", "1.0.0", "")), "nothing is known of it");
    }

    @Test
    void aHomeThatTakesNothingIsNoFault() throws IOException {
        Trusted nowhere =
                new Trusted(Optional.of(Files.createFile(folder.resolve("file")).resolve("trusted")));
        nowhere.add(content);
        assertFalse(nowhere.has(content));
        new Trusted(Optional.empty()).add(content);
        assertEquals(Optional.empty(), Trusted.of(new TestFramework().context()).folder());
    }

    /** A policy is asked with the very bytes, before the framework is: this one installs nothing, and says so. */
    @Test
    void whatAPolicyRefusesIsNeverInstalledWhoeverBringsIt() throws IOException {
        List<byte[]> asked = new ArrayList<>();
        Function<byte[], List<String>> policy = jar -> {
            asked.add(jar);
            return List.of("is not signed", "sign it");
        };
        InstalledBundles installed = new InstalledBundles(
                new TestFramework().service("kolotoc.trusts", "jar", policy).context());
        Path jar = run.resolve("bundles").resolve(content.file());
        InputError kept = assertThrows(
                InputError.class,
                () -> new KeptJars(run, trusted, Client.NOBODY).install(List.of(content), installed, true));
        assertEquals(jar + " is not signed", kept.getMessage());
        InputError brought =
                assertThrows(InputError.class, () -> Brought.of(jar, new SeatName("model", "hello"), installed));
        assertEquals(jar + " is not signed", brought.getMessage());
        assertEquals("sign it", brought.next());
        assertEquals(2, asked.size());
        asked.forEach(bytes -> assertArrayEquals(JAR, bytes));
        assertFalse(trusted.has(content));
    }
}
