package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.kolotoc.engine.Engine;

final class HelpTest {
    @Test
    void everyCommandSaysWhatItTakesWithExamples() {
        Engine engine = FakeHost.standard().engine();
        List<ToIntFunction<String[]>> commands = List.of(
                new ListCommand(engine),
                new DevicesCommand(engine),
                new ExplainCommand(engine),
                new ProfileCommand(engine),
                new SampleCommand(engine),
                new SchemaCommand(engine));
        for (ToIntFunction<String[]> command : commands) {
            Printed printed = Printed.by(command, "--help");
            assertEquals(0, printed.code());
            assertTrue(printed.out().startsWith("usage: ./kolotoc "), printed.out());
            assertTrue(printed.out().contains("examples:\n  ./kolotoc "), printed.out());
        }
    }
}
