package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Command;
import org.kolotoc.api.Settings;

/**
 * What every command must do.
 *
 * @param <S> the settings record: its command line
 */
public abstract class CommandConformance<S extends Record> {
    protected abstract Command<S> command();

    /** A line with which it does what it is there for. */
    protected abstract S settings() throws IOException;

    /** Lines that it must refuse. */
    protected List<Refused<S>> refused() {
        return List.of();
    }

    /** What it prints. */
    private static final class Printed extends ByteArrayOutputStream {
        private boolean closed;

        @Override
        public void close() {
            closed = true;
        }
    }

    private static PrintStream stream(Printed to) {
        return new PrintStream(to, false, StandardCharsets.UTF_8);
    }

    /** What it prints where all is well. */
    private String print(S line) throws IOException {
        Printed printed = new Printed();
        PrintStream out = stream(printed);
        assertTrue(command().run(line, out), () -> "all is not well with " + line);
        out.flush();
        assertFalse(printed.closed, "it closes the output, which belongs to whoever called it");
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void settingsAreARecordOfTheCommand() throws IOException {
        assertTrue(command().settings().isInstance(settings()));
    }

    @Test
    void itPrintsWhatItFound() throws IOException {
        S line = settings();
        assertFalse(print(line).isBlank(), () -> "nothing is printed for " + line);
    }

    @Test
    void theSameLinePrintsTheSameAgain() throws IOException {
        S line = settings();
        assertEquals(print(line), print(line));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refused().forEach(bad -> bad.check(() -> command().run(bad.settings(), stream(new Printed()))));
    }

    /** {@code --help} has nothing else to say of it. */
    @Test
    void everyOptionSaysWhatItIs() {
        for (RecordComponent option : command().settings().getRecordComponents()) {
            assertTrue(
                    option.isAnnotationPresent(Command.Arguments.class)
                            || option.isAnnotationPresent(Settings.Help.class),
                    () -> "'" + option.getName() + "' has no @Settings.Help");
        }
    }
}
