package org.kolotoc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentsTest {
    private static Arguments parse(String... line) {
        return Arguments.parse(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--plugin a.jar --debug run x.json --set m={\"id\":\"b\"} --policy p --feature f --plugin b.jar -q",
                "run --plugin=a.jar x.json --set m={\"id\":\"b\"} --plugin=b.jar --feature=f --policy=p --debug -q",
                "run x.json --debug --set m={\"id\":\"b\"} --policy p --plugin a.jar -q --plugin=b.jar --feature f",
            })
    void theLaunchersOptionsMayStandAnywhere(String line) {
        assertEquals(
                new Arguments(
                        "run",
                        List.of("x.json", "--set", "m={\"id\":\"b\"}", "-q"),
                        List.of(Path.of("a.jar"), Path.of("b.jar")),
                        List.of("f"),
                        List.of(Path.of("p")),
                        true),
                parse(line.split(" ")));
    }

    @Test
    void theRestReachesTheCommandAsItIs() {
        List<String> rest =
                List.of("@file", "-xyz", "--prompt", " a \"b\" ", "--prompt=--debug", "", "--debugger", "=", "-1");
        String[] line = new String[rest.size() + 1];
        line[0] = "sample";
        for (int i = 0; i < rest.size(); i++) {
            line[i + 1] = rest.get(i);
        }
        assertEquals(rest, parse(line).rest());
        String[] more = java.util.Arrays.copyOf(line, line.length + 1);
        more[line.length] = "--debug";
        assertEquals(rest, parse(more).rest(), "also where the launcher has an option to take out");
        assertEquals(
                List.of("--", "--debug", "--plugin"),
                parse("run", "--", "--debug", "--plugin").rest());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void helpIsNoCommand(String word) {
        assertEquals("", parse(word).command());
        assertEquals("", parse("--debug", word, "run").command());
        assertEquals("", parse().command());
        assertEquals(List.of("--help"), parse("run", "--help").rest());
    }

    @Test
    void anOptionWithoutItsValueIsNamed() {
        for (String[] line : List.of(
                new String[] {"run", "--plugin"},
                new String[] {"run", "--plugin", "--set", "a=b"},
                new String[] {"run", "--plugin", "--debug"})) {
            Problem problem = assertThrows(Problem.class, () -> parse(line));
            assertEquals("option --plugin needs a value: --plugin <jar>; do: ./kolotoc --help", problem.getMessage());
        }
        assertTrue(assertThrows(Problem.class, () -> parse("--feature"))
                .getMessage()
                .contains("--feature <name>"));
    }
}
