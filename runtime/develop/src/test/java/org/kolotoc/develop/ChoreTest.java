package org.kolotoc.develop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ChoreTest {
    @ParameterizedTest
    @EnumSource
    void helpTellsUsageAndEveryOption(Chore chore) {
        String help = chore.help();
        assertTrue(help.startsWith("usage: ./kolotoc " + chore.word()), help);
        chore.options().forEach(option -> assertTrue(help.contains("  " + option.name()), help));
        assertTrue(help.lines().allMatch(line -> line.length() <= 120), help);
        assertEquals(chore, Chore.of(chore.word()).orElseThrow());
    }

    @Test
    void theVersionIsTheProjectsOwn() {
        assertTrue(new Project(Path.of("../..")).version().matches("\\d+\\.\\d+\\.\\d+.*"));
    }
}
