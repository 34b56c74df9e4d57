package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.api.Command;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Settings;
import org.opentest4j.AssertionFailedError;

/** The negative controls of the commands' suite: one that breaks a promise fails the test of that promise. */
class CommandSuiteFailsTest {
    private record Line(@Settings.Default("1") int times) {}

    private record Described(
            @Settings.Default("1") @Settings.Help("how often")
            int times) {}

    private interface Body {
        boolean run(PrintStream out);
    }

    private record Plain<S extends Record>(Class<S> settings, Body body) implements Command<S> {
        @Override
        public boolean run(S line, PrintStream out) {
            return body.run(out);
        }
    }

    private static <S extends Record> CommandConformance<S> suite(S line, Class<S> type, Body body) {
        return new CommandConformance<>() {
            @Override
            protected Command<S> command() {
                return new Plain<>(type, body);
            }

            @Override
            protected S settings() {
                return line;
            }

            @Override
            protected List<Refused<S>> refused() {
                return List.of(new Refused<>(line, ""));
            }
        };
    }

    private static CommandConformance<Described> suite(Body body) {
        return suite(new Described(1), Described.class, body);
    }

    private static void fails(Executable test) {
        assertThrows(AssertionFailedError.class, test);
    }

    @Test
    void itPrintsNothing() {
        fails(suite(_ -> true)::itPrintsWhatItFound);
    }

    @Test
    void itSaysThatAllIsNotWell() {
        fails(suite(out -> {
            out.println("done");
            return false;
        })::itPrintsWhatItFound);
    }

    @Test
    void itClosesTheOutput() {
        fails(suite(out -> {
            out.println("done");
            out.close();
            return true;
        })::itPrintsWhatItFound);
    }

    @Test
    void itRemembersTheLineBefore() {
        AtomicInteger calls = new AtomicInteger();
        fails(suite(out -> {
            out.println(calls.incrementAndGet());
            return true;
        })::theSameLinePrintsTheSameAgain);
    }

    @Test
    void itAcceptsWhatItMustRefuse() {
        fails(suite(_ -> true)::whatDoesNotFitIsRefused);
    }

    @Test
    void itRefusesWithoutAWord() {
        fails(suite(_ -> {
            throw InputError.of(" ", "");
        })::whatDoesNotFitIsRefused);
    }

    @Test
    void itsSettingsAreOfAnother() {
        CommandConformance<Line> suite = new CommandConformance<>() {
            @Override
            @SuppressWarnings({"unchecked", "rawtypes"})
            protected Command<Line> command() {
                return new Plain(Described.class, _ -> true);
            }

            @Override
            protected Line settings() {
                return new Line(1);
            }
        };
        fails(suite::settingsAreARecordOfTheCommand);
    }

    @Test
    void anOptionIsNotDescribed() {
        fails(suite(new Line(1), Line.class, _ -> true)::everyOptionSaysWhatItIs);
    }
}
