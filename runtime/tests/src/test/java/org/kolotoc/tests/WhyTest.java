package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
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
            "phase:good:1.2",
            "phase:good:[2,3)",
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
        Path home = LackingHome.make(folder);
        List<String> lines = new ArrayList<>();
        ASKED.forEach(name -> lines.add(name + "\twhy\t" + name));
        lines.add("aside\twhy\t" + folder.resolve("made").resolve("kept.jar"));
        lines.add("junk\twhy\t" + Files.writeString(folder.resolve("junk.jar"), "no jar"));
        lines.add("raw\twhy\tphase:lone\t--raw");
        lines.add("json\twhy\tphase:lone\t--json");
        lines.add("needs\tlist\t--needs");
        lines.add(
                "run\t" + String.join("\t", words(Tiny.with("{\"id\":\"chain\",\"steps\":5}", folder.resolve("run")))));
        Launch.Result result = LackingHome.each(home, lines).expect(0);
        OUT.putAll(LackingHome.parts(result.out()));
        ERR.putAll(LackingHome.parts(result.err()));
    }

    private static List<String> words(Object... line) {
        return List.of(line).stream().map(Object::toString).toList();
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
                "phase:good | 0 | the phase 'good' [1.2.3,1.2.3] is usable & where no version is said, hostile.good"
                    + " 1.3.0 fills the seat; \"pluginVersion\": \"1.2.3\" takes this one & the phase 'good' is usable"
                    + " & bundle hostile.good 1.3.0 is started, plugged in",
                "phase:good:1.2 | 0 | the phase 'good' [1.2.3,1.2.3] is usable",
                "phase:good:[2,3) | 2 | no version \"[2,3)\" of the phase 'good' is plugged in; there are"
                        + " hostile.good 1.2.3, hostile.good 1.3.0 & do: plug one in: --plugin <file.jar>",
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
    void aJarThatLiesAsideIsNotCalledUnknown() {
        String err = ERR.get("aside");
        assertTrue(err.contains("kept.jar is not plugged in: hostile.kept 1.2.3"), err);
        assertTrue(err.contains("do: ./kolotoc why hostile.kept --plugin "), err);
        assertTrue(ERR.get("junk").contains("junk.jar is no bundle: "), ERR.get("junk"));
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
        assertFalse(out.contains("hostile.good"), "an experiment can ask for either version: " + out);
        assertFalse(out.contains("pretrain"), out);
    }
}
