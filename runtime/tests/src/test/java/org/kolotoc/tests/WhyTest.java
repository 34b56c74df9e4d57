package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code why} and {@code list --needs}: one process with everything in its folder of plugins, asked for each by name. */
final class WhyTest {
    private static final String FINE = "out.put(\"loss\", 1);";

    @TempDir
    static Path folder;

    private static final Map<String, String> OUT = new LinkedHashMap<>();
    private static final Map<String, String> ERR = new LinkedHashMap<>();

    private static final List<String> ASKED = List.of(
            "phase:lone",
            "behind",
            "chain",
            "phase:tomorrow",
            "phase:foreign",
            "phase:waits",
            "phase:served",
            "hostile.startthrows",
            "phase:throwing",
            "phase:good",
            "phase:fine",
            "phase:extra",
            "hostile.extra",
            "orphan",
            "phase:pretrain",
            "text.jar",
            "phase:pretrian",
            "nobody",
            "model:lone");

    @BeforeAll
    static void ask() throws Exception {
        Path home = home();
        List<String> lines = new ArrayList<>();
        ASKED.forEach(name -> lines.add(name + "\twhy\t" + name));
        lines.add("raw\twhy\tphase:lone\t--raw");
        lines.add("json\twhy\tphase:lone\t--json");
        lines.add("needs\tlist\t--needs");
        lines.add(
                "run\t" + String.join("\t", words(Tiny.with("{\"id\":\"chain\",\"steps\":5}", folder.resolve("run")))));
        Path file = Files.write(folder.resolve("each.txt"), lines);
        Launch.Result result = Launch.start(home, "each", file).end().expect(0);
        parts(result.out(), OUT);
        parts(result.err(), ERR);
    }

    private static List<String> words(Object... line) {
        return List.of(line).stream().map(Object::toString).toList();
    }

    private static void parts(String all, Map<String, String> parts) {
        for (String part : all.split("(?m)^== ")) {
            parts.put(part.lines().findFirst().orElse(""), part);
        }
    }

    private static HostilePlugins plugins(Path files) {
        return new HostilePlugins(files)
                .phase("fine", "", FINE)
                .phase("good", "", FINE)
                .phase("lone", "", FINE)
                .header("lone", "Import-Package", "org.kolotoc.api,org.example.thing;version=\"[2,3)\"")
                .phase("thing", "", FINE)
                .header("thing", "Export-Package", "org.example.thing;version=1.5")
                .phase("chain", "", FINE)
                .header("chain", "Import-Package", "org.kolotoc.api,org.kolotoc.tensor,org.example.behind")
                .phase("behind", "", FINE)
                .header("behind", "Import-Package", "org.example.absent,org.kolotoc.api,org.kolotoc.tensor")
                .header("behind", "Export-Package", "org.example.behind")
                .phase("tomorrow", "", FINE)
                .header("tomorrow", "Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"")
                .phase("foreign", "", FINE)
                .header("foreign", "Bundle-NativeCode", "lib.dll;osname=Win32;processor=x86-64")
                .phase("waits", "", FINE)
                .reference("waits", "java.util.function.IntUnaryOperator")
                .phase("served", "", FINE)
                .reference("served", "java.util.function.LongUnaryOperator")
                .source(
                        "startthrows",
                        HostilePlugins.ACTIVATOR.formatted("throw new java.io.IOException(\"not today\");"))
                .header("startthrows", "Bundle-Activator", "hostile.startthrows.Odd")
                .header(
                        "startthrows",
                        "Provide-Capability",
                        "osgi.service;objectClass:List<String>=\"java.util.function.LongUnaryOperator\"")
                .phase("throwing", "public Odd() { throw new IllegalStateException(\"no way\"); }", FINE)
                .phase("needy", "", FINE)
                .header("needy", "Import-Package", "org.kolotoc.api,org.kolotoc.tensor,org.example.extra")
                .phase("extra", "", FINE)
                .header("extra", "Export-Package", "org.example.extra;version=3")
                .phase("orphan", "", FINE)
                .header("orphan", "Fragment-Host", "org.example.nobody")
                .source("each", HostilePlugins.ACTIVATOR.formatted(HostilePlugins.EACH))
                .header("each", "Bundle-Activator", "hostile.each.Odd");
    }

    /** A runtime with a feature more, which is not installed, and a folder of plugins. */
    private static Path home() throws IOException {
        Map<String, Path> jars =
                plugins(Files.createDirectories(folder.resolve("made"))).build();
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.createSymbolicLink(home.resolve("launcher"), Assembled.HOME.resolve("launcher"));
        Path lib = Files.createDirectories(home.resolve("lib"));
        for (Path jar : Assembled.jars("lib")) {
            Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
        }
        Path features = Files.createDirectories(home.resolve("features"));
        for (Path file : Assembled.files(Assembled.HOME.resolve("features"), ".json")) {
            Files.copy(file, features.resolve(file.getFileName()));
        }
        Files.copy(jars.remove("extra"), lib.resolve("hostile.extra-1.2.3.jar"));
        Files.writeString(features.resolve("extra.json"), """
            {"feature-resource-version": "1.0", "id": "hostile:extra:1.2.3",
             "bundles": [{"id": "hostile:hostile.extra:1.2.3"}]}
            """);
        Path plugins = Files.createDirectories(home.resolve("plugins"));
        for (Map.Entry<String, Path> jar : jars.entrySet()) {
            Files.copy(jar.getValue(), plugins.resolve(jar.getKey() + ".jar"));
        }
        PluginJars.copy(jars.get("good"), plugins.resolve("good-next.jar"), Map.of("Bundle-Version", "1.3.0"));
        PluginJars.copy(
                jars.get("fine"), plugins.resolve("fine-again.jar"), Map.of("Bundle-SymbolicName", "hostile.again"));
        Files.writeString(plugins.resolve("text.jar"), "no jar at all");
        return home;
    }

    /** Each line of an answer is told, in this order; what is in it is never a stack trace. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phase:lone | 2 | the phase 'lone' of the bundle hostile.lone 1.2.3 is not available"
                        + " & bundle hostile.lone 1.2.3 is installed, not resolved"
                        + " & it needs package org.example.thing, version 2.0.0 up to, but not including, 3.0.0;"
                        + " hostile.thing 1.2.3 offers version 1.5.0"
                        + " & do: build the bundle again against the version that is here & from file:",
                "chain | 2 | it needs package org.example.behind; hostile.behind 1.2.3 offers it, but is not resolved"
                        + " itself & bundle hostile.behind 1.2.3 is installed, not resolved"
                        + " & it needs package org.example.absent; nothing installed offers it"
                        + " & do: install the bundle that has it: --plugin <file.jar>",
                "phase:tomorrow | 2 | it needs execution environment JavaSE, version 99 & do: run on the Java version"
                        + " it was built for",
                "phase:foreign | 2 | it needs a native library for win32 on x86-64 & do: take a jar of it"
                        + " that was built for this machine",
                "phase:waits | 2 | bundle hostile.waits 1.2.3 is started, but gives no plugin & its component"
                        + " hostile.waits.Odd waits for a service java.util.function.IntUnaryOperator, which nobody"
                        + " offers & do: install a bundle that offers it: --plugin <file.jar>",
                "phase:served | 2 | waits for a service java.util.function.LongUnaryOperator, which nobody offers now"
                        + " & bundle hostile.startthrows 1.2.3 could offer it, but is stopped",
                "hostile.startthrows | 2 | bundle hostile.startthrows 1.2.3 is stopped & it did not start"
                        + " & java.io.IOException: not today & at hostile.startthrows.Odd.start(Odd.java:"
                        + " & do: mend its activator",
                "phase:throwing | 2 | is not available & its component hostile.throwing.Odd could not be made:"
                        + " java.lang.IllegalStateException: no way & at hostile.throwing",
                "phase:good | 2 | the phase 'good' is usable & bundle hostile.good 1.3.0 is started, plugged in"
                        + " & the phase 'good' of the bundle hostile.good 1.2.3 is shadowed by hostile.good 1.3.0"
                        + " & do: take the higher version out",
                "phase:fine | 2 | does not fill its seat & bundles of several names offer it: & hostile.again 1.2.3"
                        + " & do: take all but one out",
                "phase:extra | 2 | there is no phase 'extra' & hostile.extra 1.2.3 of the feature extra has it"
                        + " & do: --feature extra",
                "hostile.extra | 2 | bundle hostile.extra 1.2.3 is not installed & it is one of the feature extra"
                        + " & do: --feature extra",
                "orphan | 2 | it needs the host of this fragment, org.example.nobody; nothing installed offers it",
                "phase:pretrain | 0 | the phase 'pretrain' is usable & bundle org.kolotoc.phase.pretrain 0.1.0 is"
                        + " started, a part of the program & what it needs is offered by & org.kolotoc.api 0.1.0",
                "text.jar | 2 | text.jar was left out & cannot be installed & do: mend it, or take it out",
                "phase:pretrian | 2 | there is no phase 'pretrian'; did you mean 'pretrain'?",
                "model:lone | 2 | there is no model 'lone' & there is a phase of that id, in the bundle hostile.lone",
            })
    void namesWhatIsLackingAndWhatToDo(String name, int code, String parts) {
        String out = OUT.get(name);
        assertTrue(ERR.get(name).contains("\n=> " + code + "\n"), ERR.get(name));
        int at = 0;
        for (String part : parts.split(" & ")) {
            int found = out.indexOf(part, at);
            assertTrue(found >= 0, () -> "«" + part + "» expected in, after what is expected before it:\n" + out);
            at = found + part.length();
        }
        assertFalse(out.contains("osgi.wiring.package"), out);
    }

    @Test
    void whatLiesBehindIsIndentedBelowWhatItKeepsFromBeingUsed() {
        List<String> lines = OUT.get("chain").lines().skip(1).toList();
        assertEquals("the phase 'chain' of the bundle hostile.chain 1.2.3 is not available", lines.get(0));
        assertEquals("  bundle hostile.chain 1.2.3 is installed, not resolved", lines.get(1));
        assertTrue(lines.get(2).startsWith("    it needs package org.example.behind; "), lines.get(2));
        assertEquals("      bundle hostile.behind 1.2.3 is installed, not resolved", lines.get(3));
        assertTrue(lines.get(4).startsWith("        it needs package org.example.absent; "), lines.get(4));
        assertTrue(lines.get(5).startsWith("        do: "), lines.get(5));
    }

    /** The refusal of a run has the same tree. */
    @Test
    void aRunThatNamesItIsToldTheSame() {
        String err = ERR.get("run");
        assertTrue(err.contains("\n=> 2\n"), err);
        OUT.get("chain")
                .lines()
                .skip(2)
                .forEach(line -> assertTrue(err.contains(line.strip()), () -> line + "\n" + err));
    }

    @Test
    void filtersAreShownOnlyWhereTheyAreAskedFor() {
        assertTrue(
                OUT.get("raw").contains("filter: (&(osgi.wiring.package=org.example.thing)(version>=2.0.0)"),
                OUT.get("raw"));
        JsonArray json = JsonParser.parseString(
                        OUT.get("json").substring(OUT.get("json").indexOf('[')))
                .getAsJsonArray();
        assertFalse(json.get(0).getAsJsonObject().get("usable").getAsBoolean());
    }

    @Test
    void whatNobodyHeardOfIsRefusedWithWhatThereIs() {
        String err = ERR.get("nobody");
        assertTrue(err.contains("nothing that is plugged in is called 'nobody'") && err.contains("\n=> 2\n"), err);
        assertTrue(err.contains("do: ./kolotoc list"), err);
    }

    @Test
    void listOfNeedsHasAllThatCannotBeUsedAndNothingElse() {
        String out = OUT.get("needs");
        for (String name : List.of("lone", "chain", "behind", "tomorrow", "foreign", "waits", "served", "needy")) {
            assertTrue(
                    out.contains("\nthe phase '" + name + "' of the bundle hostile." + name), () -> name + "\n" + out);
        }
        assertTrue(out.contains("\nthe jar ") && out.contains("text.jar was left out"), out);
        assertTrue(out.contains("do: --feature extra (hostile.extra 1.2.3 of the feature extra offers it)"), out);
        assertTrue(out.contains("is shadowed by hostile.good 1.3.0"), out);
        assertFalse(out.contains("pretrain"), out);
    }
}
