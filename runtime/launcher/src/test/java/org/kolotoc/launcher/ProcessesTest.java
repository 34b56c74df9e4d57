package org.kolotoc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A process that is started for a part of the work is no way around what this one was told. */
final class ProcessesTest {
    @Test
    void anotherProcessGetsPluginsFeaturesAndPolicies() {
        Arguments arguments = Arguments.parse(
                new String[] {"run", "--plugin", "a.jar", "--policy", "one", "x.json", "--policy=two", "--feature", "f"
                });
        List<String> line =
                new Processes(arguments).apply(List.of("status", "--json")).command();
        assertEquals(
                List.of(
                        "status",
                        "--plugin",
                        "a.jar",
                        "--feature",
                        "f",
                        "--policy",
                        "one",
                        "--policy",
                        "two",
                        "--json"),
                line.subList(line.indexOf(Main.class.getName()) + 1, line.size()));
    }
}
