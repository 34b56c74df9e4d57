package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.command.Command;

final class HelpTest {
    private static List<Command> commands() {
        FakeHost host = FakeHost.standard();
        Engine engine = host.engine();
        List<Command> commands = new ArrayList<>(LiveCommands.all(engine, host.terminal()));
        commands.addAll(List.of(
                new StatusCommand(engine, host.terminal()),
                new SwapCommand(engine, host.terminal()),
                new RunCommand(engine, host.terminal(), () -> false),
                new SuiteCommand(engine, host.terminal(), () -> false),
                new ListCommand(engine, host.terminal(), Map::of),
                new DevicesCommand(engine, host.terminal()),
                new ExplainCommand(engine, host.terminal()),
                new ProfileCommand(engine, host.terminal()),
                new SampleCommand(engine, host.terminal()),
                new GenerateCommand(engine, host.terminal()),
                new NextCommand(engine, host.terminal()),
                new SchemaCommand(engine, host.terminal()),
                new CompletionCommand(host.context(), engine, host.terminal(), () -> "")));
        return commands;
    }

    @Test
    void everyCommandSaysWhatItTakesWithExamples() {
        for (Command command : commands()) {
            for (String help : List.of("--help", "-h")) {
                Printed printed = Printed.by(command, help);
                assertEquals(0, printed.code());
                assertTrue(printed.out().startsWith("usage: ./kolotoc "), printed.out());
                assertTrue(printed.out().contains("examples:\n  "), printed.out());
                assertFalse(printed.out().contains("\033"), "colours");
                assertEquals(command.syntax().help(), printed.out());
            }
        }
    }

    /** What would do nothing is refused by all in the same words, and never with a stack trace. */
    @Test
    void everyCommandRefusesWhatItDoesNotTake() {
        for (Command command : commands()) {
            Printed printed = Printed.by(command, "--nonsense=1");
            assertEquals(2, printed.code());
            assertTrue(printed.err().contains("has no option --nonsense"), printed.err());
            assertTrue(printed.err().contains("\n  do: leave it out; ./kolotoc "), printed.err());
            assertFalse(printed.err().contains("\tat "), printed.err());
        }
    }
}
