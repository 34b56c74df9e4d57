package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Everything that can be wrong with a plugin or a jar lies in one folder of plugins: what does not need it works, what names
 * it says who is at fault, and how. All processes of the class run at once, since some of the plugins make them wait.
 */
@DisabledOnOs(OS.WINDOWS)
final class HostilePluginsTest {
    private static final String FINE = "out.put(\"loss\", 1);";

    @TempDir
    static Path folder;

    private static Map<String, Path> jars;
    private static Path home;
    private static String swapped;
    private static final Map<String, Launch> PROCESSES = new LinkedHashMap<>();
    private static Map<String, String> told;

    @BeforeAll
    static void start() throws Exception {
        jars = plugins().build();
        swapped = sha256(jars.get("swapping"));
        home = home("home");
        Map<String, Path> alone =
                Map.of("starthangs", home("patient"), "commands", home("short"), "often", home("often"));
        for (String name : jars.keySet()) {
            Files.copy(
                    jars.get(name),
                    alone.getOrDefault(name, home).resolve("plugins").resolve(name + ".jar"));
        }
        noBundles(home.resolve("plugins"));
        PROCESSES.put("each", Launch.start(home, "each", Files.write(folder.resolve("lines"), lines())));
        PROCESSES.put("patient", Launch.start(alone.get("starthangs"), "list"));
        PROCESSES.put("list", Launch.start(home, "list"));
        PROCESSES.put(
                "explain", Launch.start(home, "explain", Assembled.PROJECT.resolve("examples/experiments/first.json")));
        PROCESSES.put("schema", Launch.start(home, "schema"));
        PROCESSES.put(
                "exiting", Launch.start(home, Tiny.with("{\"id\":\"exiting\",\"steps\":5}", folder.resolve("exit"))));
        PROCESSES.put("odd", Launch.start(alone.get("commands"), "odd"));
        PROCESSES.put("often", Launch.start(alone.get("often"), "--help"));
    }

    private static HostilePlugins plugins() throws IOException {
        return new HostilePlugins(Files.createDirectories(folder.resolve("jars")))
                .phase("good", "", FINE)
                .phase("throwing", "public Odd() { throw new IllegalStateException(\"no \\u001b[2J way\"); }", FINE)
                .phase("hanging", "public Odd() { " + HostilePlugins.WAIT + " }", FINE)
                .phase("exiting", "public Odd() { System.exit(0); }", FINE)
                .phase("initial", "static int part = Integer.parseInt(\"none\");", FINE)
                .phase("newer", "", FINE)
                .version("newer", 99)
                .phase("gone", "public Odd() { new Part(); }", FINE)
                .without("gone", "Odd$Part.class")
                .phase("unimported", "", FINE)
                .header("unimported", "Import-Package", "")
                .phase("missing", "", FINE)
                .header("missing", "Import-Package", "org.kolotoc.api,org.example.absent")
                .phase("tomorrow", "", FINE)
                .header("tomorrow", "Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"")
                .phase("serviceless", "", FINE)
                .header("serviceless", "Service-Component", "")
                .noPhase("kindless")
                .phase("misspelt", "", FINE)
                .seat("misspelt", "fase", "Phase", false)
                .phase("copied", "", FINE)
                .header("copied", "Import-Package", "org.kolotoc.tensor")
                .carrying("copied", Assembled.jar("org.kolotoc.api"))
                .phase("fragment", "", FINE)
                .header("fragment", "Fragment-Host", "org.kolotoc.engine")
                .phase("immediate", "public Odd() { throw new IllegalStateException(\"at once\"); }", FINE)
                .seat("immediate", "phase", "Phase", true)
                .phase("undeclared", "", "out.put(\"reward\", 1);")
                .phase("nan", "", "out.put(\"loss\", Double.NaN);")
                .phase("thread", "", FINE + " Thread.ofPlatform().name(\"odd one\").start(() -> List.of().get(3));")
                .phase("swapping", HostilePlugins.SWAP, FINE)
                .source("data", HostilePlugins.DATA)
                .seat("data", "data", "DataSource", false)
                .source("each", HostilePlugins.ACTIVATOR.formatted(HostilePlugins.EACH))
                .header("each", "Bundle-Activator", "hostile.each.Odd")
                .source(
                        "startthrows",
                        HostilePlugins.ACTIVATOR.formatted("throw new java.io.IOException(\"not \\u001b[2J today\");"))
                .header("startthrows", "Bundle-Activator", "hostile.startthrows.Odd")
                .source("starthangs", HostilePlugins.ACTIVATOR.formatted(HostilePlugins.WAIT))
                .header("starthangs", "Bundle-Activator", "hostile.starthangs.Odd")
                .source("commands", HostilePlugins.ACTIVATOR.formatted("""
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> { %s }));
                    offer(context, "odd", line -> { throw new IllegalStateException("no such thing"); });
                    """.formatted(HostilePlugins.WAIT)))
                .header("commands", "Bundle-Activator", "hostile.commands.Odd")
                .source("often", HostilePlugins.ACTIVATOR.formatted("""
                    for (int i = 0; i < 27; i++) {
                        context.registerService(ToIntFunction.class, line -> 0, new Hashtable<>(Map.of(
                                "kolotoc.command", "often" + i % 9, "kolotoc.command.summary", "offer " + i / 9)));
                    }
                    """))
                .header("often", "Bundle-Activator", "hostile.often.Odd")
                .source("takeover", HostilePlugins.ACTIVATOR.formatted("""
                    offer(context, "list", line -> { System.out.println("taken over"); return 0; });
                    """))
                .header("takeover", "Bundle-Activator", "hostile.takeover.Odd");
    }

    /** A runtime with a folder of plugins of its own. */
    private static Path home(String name) throws IOException {
        Path made = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(made.resolve("plugins"));
        for (String part : List.of("launcher", "lib", "features")) {
            Files.createSymbolicLink(made.resolve(part), Assembled.HOME.resolve(part));
        }
        return made;
    }

    /** Jars that are none, or no bundles. */
    private static void noBundles(Path plugins) throws IOException {
        Files.writeString(plugins.resolve("text.jar"), "no jar at all");
        Files.createFile(plugins.resolve("empty.jar"));
        Files.createDirectory(plugins.resolve("folder.jar"));
        Files.createSymbolicLink(plugins.resolve("dangling.jar"), plugins.resolve("nowhere"));
        byte[] whole = Files.readAllBytes(jars.get("good"));
        Files.write(plugins.resolve("half.jar"), Arrays.copyOf(whole, whole.length / 2));
        Files.copy(jars.get("good"), plugins.resolve("twin.jar"));
        PluginJars.empty(plugins.resolve("plain.jar"), Map.of("Created-By", "a test"));
        PluginJars.empty(
                plugins.resolve("header.jar"), Map.of("Bundle-SymbolicName", "x.header", "Import-Package", ";;=,"));
        PluginJars.empty(
                plugins.resolve("version.jar"), Map.of("Bundle-SymbolicName", "x.version", "Bundle-Version", "new"));
    }

    /** What one process is to do: a name, then a command line. */
    private static List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (String name : List.of(
                "throwing",
                "hanging",
                "initial",
                "newer",
                "gone",
                "unimported",
                "missing",
                "tomorrow",
                "serviceless",
                "kindless",
                "copied",
                "fragment",
                "immediate",
                "undeclared",
                "nan",
                "thread",
                "swapping",
                "good")) {
            lines.add(line(name, Tiny.with("{\"id\":\"" + name + "\",\"steps\":5}", folder.resolve("each-" + name))));
        }
        lines.add(line("negative", Tiny.with("{\"id\":\"good\",\"steps\":-5}", folder.resolve("each-negative"))));
        lines.add(line("data", Tiny.run(folder.resolve("each-data"), 2, "--set", "data={\"id\":\"data\"}")));
        return lines;
    }

    private static String line(String name, Object... arguments) {
        return name + "\t"
                + String.join(
                        "\t", Arrays.stream(arguments).map(Object::toString).toList());
    }

    /** What the one process told of each line. */
    private static String told(String name) {
        if (told == null) {
            Launch.Result result = PROCESSES.get("each").end().expect(0);
            told = new LinkedHashMap<>();
            for (String part : result.err().split("(?m)^== ")) {
                told.put(part.lines().findFirst().orElse(""), part);
            }
        }
        return told.get(name);
    }

    private static Launch.Result end(String process) {
        return PROCESSES.get(process).end();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throwing    | 2 | the phase 'throwing' (bundle hostile.throwing 1.2.3) could not be made & its"
                        + " component hostile.throwing.Odd could not be made: java.lang.IllegalStateException: no"
                        + " \\u{1b}[2J way & at hostile.throwing",
                "hanging     | 2 | the phase 'hanging' (bundle hostile.hanging 1.2.3) did not come back within 10.0 s"
                        + " when it was made & at hostile.hanging.Odd.<init>(Odd.java:",
                "initial     | 2 | hostile.initial 1.2.3 & NumberFormatException: For input string: \"none\"",
                "newer       | 2 | hostile.newer 1.2.3 & UnsupportedClassVersionError & do: build it for Java",
                "gone        | 2 | hostile.gone 1.2.3 & ClassNotFoundException: hostile.gone.Odd$Part",
                "unimported  | 2 | hostile.unimported 1.2.3 & org/kolotoc/api/Phase & do: build it with"
                        + " bnd-maven-plugin",
                "missing     | 2 | hostile.missing 1.2.3 is installed, not resolved & it needs package"
                        + " org.example.absent",
                "tomorrow    | 2 | hostile.tomorrow 1.2.3 is installed, not resolved & do: run on the Java version it"
                        + " was built for & offers version 2",
                "serviceless | 2 | hostile.serviceless 1.2.3 is started, but gives no plugin & it declares a seat, but"
                        + " no component",
                "kindless    | 2 | hostile.kindless 1.2.3 & is said to be a org.kolotoc.api.Phase, but its class"
                        + " hostile.kindless.Odd is none",
                "copied      | 2 | hostile.copied 1.2.3 & a copy of its own & do: import the package",
                "fragment    | 2 | hostile.fragment 1.2.3 & it is a fragment of org.kolotoc.engine",
                "immediate   | 2 | hostile.immediate 1.2.3 & IllegalStateException: at once",
                "undeclared  | 2 | the phase 'undeclared' (bundle hostile.undeclared 1.2.3) measures 'reward', which"
                        + " it did not declare",
                "negative    | 2 | $.phases[0].steps: is -5; expected a whole number, 1 to 100000000",
                "nan         | 4 | the run diverged: loss is NaN after step 1 (phase 'nan', its step 1)",
                "data        | 2 | the data 'data' (bundle hostile.data 1.2.3) failed while it opened its data &"
                        + " EOFException: byte -1 & at hostile.data.Odd.open(Odd.java:",
                "thread      | 0 | a thread of the bundle hostile.thread 1.2.3, 'odd one', ended:"
                        + " java.lang.ArrayIndexOutOfBoundsException & at hostile.thread.Odd",
            })
    void whoeverNamesOneHearsWhatIsWrongWithIt(String name, int code, String parts) {
        String all = told(name);
        assertTrue(all.contains("\n=> " + code + "\n"), all);
        for (String part : parts.split(" & ")) {
            assertTrue(all.contains(part), () -> "«" + part + "» expected in:\n" + all);
        }
        assertFalse(all.contains("should not have happened") || all.contains("make room"), all);
        assertFalse(all.contains("\033"), all);
    }

    @Test
    void whatNeedsNoneOfThemGoesOn() {
        assertTrue(told("good").contains("\n=> 0\n"), told("good"));
        assertTrue(Files.isRegularFile(Tiny.state(folder.resolve("each-good"), 5)));
        end("explain").expect(0).says("left out: ");
    }

    /** The framework hands services out in any order, another one in each process. */
    @Test
    void ofCommandsOfOneNameTheFirstThatCameIsTaken() {
        Launch.Result help = end("often").expect(0);
        for (int i = 0; i < 9; i++) {
            String line = "often" + i;
            assertTrue(help.out().matches("(?s).*" + line + " +offer 0\\R.*"), help.out());
        }
    }

    @Test
    void listTellsOfEachWhatItIsAndWhy() {
        String out = end("list").expect(0).out();
        assertFalse(out.contains("taken over"), "a plugin's command in the place of the program's own:\n" + out);
        for (String state : List.of(
                "good ready",
                "throwing ready",
                "newer broken",
                "unimported broken",
                "missing unresolved",
                "tomorrow unresolved",
                "serviceless broken",
                "kindless broken",
                "copied broken",
                "immediate broken",
                "fragment unresolved")) {
            String[] both = state.split(" ");
            assertTrue(
                    out.lines().anyMatch(line -> line.matches("phase +" + both[0] + " .* " + both[1] + " .*")),
                    () -> state + " expected in:\n" + out);
        }
        for (String why : List.of(
                "text.jar cannot be installed",
                "empty.jar cannot be installed",
                "folder.jar is no file; a jar file is expected",
                "dangling.jar is not there",
                "half.jar cannot be installed",
                "twin.jar cannot be installed: a bundle of the same name and version is installed already",
                "plain.jar has no Bundle-SymbolicName",
                "header.jar cannot be installed",
                "version.jar cannot be installed",
                "left out: bundle hostile.startthrows 1.2.3 does not start: java.io.IOException: not \\u{1b}[2J today\n"
                        + "  at hostile.startthrows.Odd.start(Odd.java:",
                "UnsupportedClassVersionError",
                "bundle hostile.misspelt 1.2.3 offers a org.kolotoc.api.Phase, of the kind phase; expected the"
                        + " interface of the kind 'fase', which is marked @SeatKind(\"fase\")",
                "it needs package org.example.absent; nothing installed offers it")) {
            assertTrue(out.contains(why), () -> "«" + why + "» expected in:\n" + out);
        }
        assertFalse(out.contains("x.header") || out.contains("\033"), out);
    }

    /** Also of those that can't be made: their classes tell. */
    @Test
    void schemaHasTheSettingsOfAllWhoseClassesTellThem() {
        Launch.Result result = end("schema").expect(0);
        String phases = JsonParser.parseString(result.out())
                .getAsJsonObject()
                .getAsJsonObject("$defs")
                .get("phase")
                .toString();
        for (String name : List.of("good", "throwing", "hanging", "exiting", "initial", "pretrain")) {
            assertTrue(phases.contains("\"" + name + "\""), () -> name + " expected in " + phases);
        }
        for (String name : List.of("newer", "unimported", "missing", "serviceless", "kindless", "copied")) {
            assertFalse(phases.contains("\"" + name + "\""), () -> name + " in " + phases);
            result.says("left out: the phase '" + name + "' is ", "hostile." + name + " 1.2.3");
        }
    }

    @Test
    void whatNeverStartsIsLeftOut() {
        Launch.Result result = end("patient")
                .expect(0)
                .says(
                        "left out: bundle hostile.starthangs 1.2.3 did not start within",
                        "at hostile.starthangs.Odd.start(Odd.java:");
        assertTrue(result.out().lines().anyMatch(line -> line.matches("phase +pretrain .* ready .*")), result.out());
    }

    @Test
    void whoEndsTheProcessInAConstructorIsNamed() {
        end("exiting").expect(5).says("the bundle hostile.exiting 1.2.3 ended the process (System.exit");
    }

    /** A shutdown hook of its bundle never ends; the process does. */
    @Test
    void aCommandThatFailsIsItsBundlesFault() {
        end("odd")
                .expect(2)
                .says(
                        "command 'odd' of the bundle hostile.commands 1.2.3 failed: java.lang.IllegalStateException:"
                                + " no such thing",
                        "at hostile.commands.Odd");
    }

    /** A jar that is exchanged while the host runs does not get into the lock of what runs. */
    @Test
    void theLockHasWhatWasInstalled() throws Exception {
        assertTrue(told("swapping").contains("\n=> 0\n"), told("swapping"));
        assertEquals("another", Files.readString(home.resolve("plugins/swapping.jar")));
        Map<String, String> hashes = new LinkedHashMap<>();
        for (JsonElement element : JsonParser.parseString(
                        Files.readString(folder.resolve("each-swapping").resolve("lock.json")))
                .getAsJsonObject()
                .getAsJsonArray("bundles")) {
            JsonObject bundle = element.getAsJsonObject();
            hashes.put(bundle.get("name").getAsString(), bundle.get("sha256").getAsString());
        }
        assertEquals(swapped, hashes.get("hostile.swapping"));
        assertEquals(sha256(Assembled.jar("org.kolotoc.engine")), hashes.get("org.kolotoc.engine"));
        Path framework = Assembled.jars("launcher").stream()
                .filter(jar -> jar.getFileName().toString().startsWith("org.apache.felix.framework-"))
                .findFirst()
                .orElseThrow();
        assertEquals(sha256(framework), hashes.get("org.apache.felix.framework"));
    }

    private static String sha256(Path file) throws IOException, GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
