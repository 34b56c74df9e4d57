package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where a policy demands signed bundles, no code of others runs, whichever way it comes. */
@DisabledOnOs(OS.WINDOWS)
final class TrustTest {
    private static final String FINE = "out.put(\"loss\", 1);";
    private static final String SAID = "is not signed; ";

    @TempDir
    static Path folder;

    private static Map<String, Path> jars;
    private static Path ran;
    private static Path home;
    private static Path policy;

    @BeforeAll
    static void make() throws Exception {
        ran = folder.resolve("ran");
        String mark = "try { java.nio.file.Files.writeString(java.nio.file.Path.of(\"" + ran
                + "\"), \"x\"); } catch (java.io.IOException e) { throw new java.io.UncheckedIOException(e); }";
        jars = new HostilePlugins(Files.createDirectories(folder.resolve("made")))
                .phase("good", "", FINE)
                .phase("bad", "static { " + mark + " }", FINE)
                .source("starts", HostilePlugins.ACTIVATOR.formatted(mark))
                .header("starts", "Bundle-Activator", "hostile.starts.Odd")
                .source("fragment", "public class Odd {}")
                .header("fragment", "Fragment-Host", "hostile.good")
                .source("each", HostilePlugins.ACTIVATOR.formatted(HostilePlugins.EACH + sneaking()))
                .header("each", "Bundle-Activator", "hostile.each.Odd")
                .build();
        KeyStore.PrivateKeyEntry key = key();
        policy = Files.writeString(folder.resolve("policy.json"), """
            {"schema": "kolotoc.policy/1", "trust": "signed", "keys": "keys.pem"}
            """);
        home = home("home");
        Files.copy(policy, home.resolve("policy.json"));
        Files.copy(folder.resolve("keys.pem"), home.resolve("keys.pem"));
        for (String name : List.of("good", "each")) {
            sign(key, jars.get(name), home.resolve("plugins").resolve(name + ".jar"));
        }
        for (String name : List.of("bad", "starts", "fragment")) {
            Files.copy(jars.get(name), home.resolve("plugins").resolve(name + ".jar"));
        }
    }

    /** A command of a plugin that installs another by itself, and says what became of it. */
    private static String sneaking() {
        return """
            offer(context, "sneak", jar -> {
                try {
                    Bundle bundle = context.installBundle(java.nio.file.Path.of(jar[0]).toUri().toString());
                    try {
                        bundle.start();
                    } catch (BundleException e) {
                        System.out.println("did not start");
                    }
                    System.out.println("state " + bundle.getState());
                    return 0;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            """;
    }

    private static Path home(String name) throws IOException {
        Path made = Files.createDirectories(folder.resolve(name));
        for (String part : List.of("launcher", "lib", "features")) {
            Files.createSymbolicLink(made.resolve(part), Assembled.HOME.resolve(part));
        }
        Files.createDirectories(made.resolve("plugins"));
        return made;
    }

    /** The author's key, and the file with the certificate. */
    private static KeyStore.PrivateKeyEntry key() throws Exception {
        Path store = folder.resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        for (List<String> words : List.of(
                List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=author"),
                List.of(
                        "-exportcert",
                        "-rfc",
                        "-file",
                        folder.resolve("keys.pem").toString()))) {
            List<String> line = new java.util.ArrayList<>(List.of(
                    keytool, "-J-XX:TieredStopAtLevel=1", "-keystore", store.toString(), "-storepass", "changeit"));
            line.addAll(words);
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), said);
        }
        char[] password = "changeit".toCharArray();
        return (KeyStore.PrivateKeyEntry) KeyStore.getInstance(store.toFile(), password)
                .getEntry("mykey", new KeyStore.PasswordProtection(password));
    }

    private static void sign(KeyStore.PrivateKeyEntry key, Path jar, Path target) throws IOException {
        try (ZipFile in = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(target)) {
            new JarSigner.Builder(key).build().sign(in, out);
        }
    }

    private static void nothingRan() {
        assertFalse(Files.exists(ran), "code of a bundle that nobody signed ran");
    }

    /** The folder of plugins, features, kept jars of a run, and the word trust on the command line. */
    @Test
    void whatLiesThereOrComesMeanwhileIsRefusedWithTheReason() throws Exception {
        Path run = folder.resolve("run");
        Path sent = folder.resolve("sent");
        Launch.run(Tiny.with("{\"id\":\"good\",\"steps\":2}", sent, "--plugin", jars.get("good")))
                .expect(0);
        Path feature = Files.writeString(folder.resolve("made/hello.json"), """
            {"feature-resource-version": "1.0", "id": "g:hello:1.0.0", "bundles": [{"id": "g:bad:1"}]}
            """);
        Files.copy(jars.get("bad"), folder.resolve("made/bad-1.jar"));
        List<String> lines = List.of(
                "list\tlist\tphase",
                "run\t"
                        + String.join(
                                "\t",
                                Stream.of(Tiny.with("{\"id\":\"good\",\"steps\":2}", run))
                                        .map(Object::toString)
                                        .toList()),
                "dry\tfeature\tinstall\thello\t--dry-run\t--from\t" + feature,
                "install\tfeature\tinstall\thello\t--from\t" + feature,
                "state\tfeature\tlist",
                "resume\trun\t--resume\t" + sent + "\t--trust",
                "why\twhy\tbad.jar");
        Launch.Result result = LackingHome.each(home, lines).expect(0);
        Map<String, String> out = LackingHome.parts(result.out());
        Map<String, String> err = LackingHome.parts(result.err());
        for (String name : List.of("bad", "starts", "fragment")) {
            String said = "left out: bundle " + home.resolve("plugins").resolve(name + ".jar") + " " + SAID
                    + home.resolve("policy.json") + " demands signed bundles; do: sign it: jarsigner -keystore";
            assertTrue(result.err().contains(said), () -> "«" + said + "» expected in " + result.err());
        }
        assertTrue(out.get("list").matches("(?s).*good +1\\.2\\.3 +hostile\\.good +ready .*"), out.get("list"));
        assertFalse(out.get("list").contains("hostile.bad"), out.get("list"));
        assertTrue(err.get("run").contains("=> 0"), err.get("run"));
        for (String line : List.of("dry", "install", "resume")) {
            assertTrue(err.get(line).contains(SAID) && err.get(line).contains("=> 2"), err.get(line));
        }
        assertTrue(err.get("resume").contains("sent/bundles/hostile.good-1.2.3-"), err.get("resume"));
        assertFalse(out.get("state").contains("hello"), out.get("state"));
        assertTrue(out.get("why").contains(SAID), out.get("why"));
        nothingRan();
    }

    /** A door that nobody guards leads nowhere either. */
    @Test
    void whatAPluginInstallsByItselfDoesNotRun() throws Exception {
        Launch.Result result =
                Launch.start(home, "sneak", jars.get("starts")).end().expect(0);
        assertEquals("did not start\nstate 2\n", result.out());
        nothingRan();
    }

    @Test
    void theCommandLineMayDemandMoreAndWhatIsBuiltHereIsNoExceptionEither() throws Exception {
        Launch asked = Launch.start(Assembled.HOME, "list", "--policy", policy, "--plugin", jars.get("starts"));
        Path user = Files.createDirectories(folder.resolve("user"));
        Files.copy(policy, user.resolve("policy.json"));
        Files.copy(folder.resolve("keys.pem"), user.resolve("keys.pem"));
        Launch everywhere = Launch.startAs(user, Assembled.HOME, "list", "--plugin", jars.get("starts"));
        Path project = folder.resolve("hello");
        try (Stream<Path> files = Files.walk(Assembled.PROJECT.resolve("examples/hello-model"))) {
            for (Path file :
                    files.filter(file -> !file.toString().contains("target")).toList()) {
                Files.copy(
                        file,
                        project.resolve(Assembled.PROJECT
                                .resolve("examples/hello-model")
                                .relativize(file)
                                .toString()));
            }
        }
        Launch dev = Launch.start(Assembled.HOME, "dev", project, "--once", "--policy", policy);
        Files.writeString(folder.resolve("odd.json"), "{\"trust\": \"none\"}");
        Launch odd = Launch.start(Assembled.HOME, "list", "--policy=" + folder.resolve("odd.json"));
        asked.end()
                .expect(2)
                .says("bundle " + jars.get("starts") + " " + SAID + policy + " demands signed bundles; do: sign it");
        everywhere.end().expect(2).says(SAID + user.resolve("policy.json") + " demands signed bundles");
        odd.end()
                .expect(2)
                .says("the policy " + folder.resolve("odd.json") + " says at $.trust \"none\"; expected signed; do:");
        Launch.Result built = dev.end().expect(1);
        assertTrue((built.out() + built.err()).contains(SAID), built.out() + built.err());
        nothingRan();
    }

    /** What was installed is held against its hash whenever it is used. */
    @Test
    void aJarOfAFeatureThatChangedOnTheDiskIsLeftOutAndUpdateMendsIt() throws Exception {
        Path open = home("open");
        Path from = Files.createDirectories(folder.resolve("from"));
        Files.copy(jars.get("bad"), from.resolve("bad-1.jar"));
        Files.writeString(from.resolve("hello.json"), """
            {"feature-resource-version": "1.0", "id": "g:hello:1.0.0", "bundles": [{"id": "g:bad:1"}]}
            """);
        Launch.start(open, "feature", "install", "hello", "--from", from).end().expect(0);
        Files.deleteIfExists(ran);
        Path jar;
        try (Stream<Path> files = Files.list(open.resolve("installed/jars"))) {
            jar = files.findFirst().orElseThrow();
        }
        Files.copy(jars.get("starts"), jar, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Launch.Result update =
                Launch.start(open, "feature", "update", "hello").end().expect(0);
        update.says(
                "left out: bundle " + jar + " was changed on the disk since it was installed: SHA-256 ",
                "; do: ./kolotoc feature update hello");
        nothingRan();
        Launch.Result after = Launch.start(open, "list", "phase").end().expect(0);
        assertTrue(after.out().contains("hostile.bad"), after.out() + after.err());
        assertFalse(after.err().contains("left out"), after.err());
    }
}
