package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that cannot be used costs one clear message; nothing is written, and no stack trace is shown. */
class BadPluginTest {
    @TempDir
    Path folder;

    @Test
    void missingPackageIsNamed() throws IOException {
        Path jar = PluginJars.empty(
                folder.resolve("lonely.jar"),
                Map.of(
                        "Bundle-SymbolicName", "hello.lonely",
                        "Bundle-Version", "1.2.0",
                        "Import-Package", "org.example.absent;version=\"[1.4,2)\""));
        refused(jar)
                .says(
                        "bundle hello.lonely 1.2.0 is installed, not resolved",
                        "it needs package org.example.absent, version 1.4.0 up to, but not including, 2.0.0",
                        "nothing installed offers it",
                        "do: install the bundle that has it: --plugin",
                        jar.toString());
    }

    @Test
    void packageInAnotherVersionIsNamedWithWhoOffersIt() throws IOException {
        Path jar = PluginJars.empty(
                folder.resolve("future.jar"),
                Map.of("Bundle-SymbolicName", "hello.future", "Import-Package", "org.kolotoc.api;version=\"[9,10)\""));
        refused(jar)
                .says(
                        "hello.future",
                        "it needs package org.kolotoc.api, version 9.0.0",
                        "org.kolotoc.api 0.1.0 offers version " + version("org.kolotoc.api"),
                        "do: build the bundle again against the version that is here");
    }

    /** In which a bundle of the runtime exports the package of its own name. */
    private static String version(String bundle) throws IOException {
        try (JarFile jar = new JarFile(Assembled.jar(bundle).toFile())) {
            String exported = jar.getManifest().getMainAttributes().getValue("Export-Package");
            Matcher version = Pattern.compile(
                            "(?:^|,)" + Pattern.quote(bundle) + ";(?:[^,\"]|\"[^\"]*\")*?version=\"([^\"]*)\"")
                    .matcher(exported);
            assertTrue(version.find(), exported);
            return version.group(1);
        }
    }

    @Test
    void truncatedJarIsNamed() throws IOException {
        byte[] whole = Files.readAllBytes(Assembled.jar("org.kolotoc.model.gpt"));
        Path jar = folder.resolve("half.jar");
        Files.write(jar, Arrays.copyOf(whole, whole.length / 2));
        refused(jar).says("bundle " + jar + " cannot be installed", "is it a whole jar file?");
    }

    @Test
    void absentJarIsNamed() {
        Path jar = folder.resolve("nowhere.jar");
        refused(jar).says("bundle " + jar + " is not there");
    }

    @Test
    void jarThatIsNoBundleIsNamed() throws IOException {
        Path jar = PluginJars.empty(folder.resolve("plain.jar"), Map.of("Created-By", "a test"));
        refused(jar).says("bundle " + jar + " has no Bundle-SymbolicName", "bnd-maven-plugin");
    }

    @Test
    void twoBundlesWithOneSeatIdAreBothNamed() throws IOException {
        Path jar = PluginJars.copy(
                Assembled.jar("org.kolotoc.model.gpt"),
                folder.resolve("twin.jar"),
                Map.of("Bundle-SymbolicName", "hello.twin", "Bundle-Version", "3.0.0"));
        refused(jar)
                .says(
                        "two bundles offer the model 'gpt'",
                        "org.kolotoc.model.gpt 0.1.0",
                        "hello.twin 3.0.0",
                        "another id");
    }

    private Launch.Result refused(Path jar) {
        Path out = folder.resolve("run");
        Launch.Result result = Launch.run(Tiny.run(out, 20, "--plugin", jar)).expect(2);
        assertTrue(result.err().startsWith("kolotoc: ") || result.err().contains("error"), result.err());
        assertFalse(Files.exists(out), "no run folder is left behind");
        return result;
    }
}
