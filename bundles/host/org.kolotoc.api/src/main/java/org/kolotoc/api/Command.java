package org.kolotoc.api;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of a command: with the id {@code greet} it is {@code ./kolotoc greet}. What a line may hold are the components of
 * the settings record: {@code int minLength} is the option {@code --min-length <number>}, a {@code boolean} whose default is
 * false an option without a value, a list an option that may be given several times, and a component marked with
 * {@link Arguments} takes what stands without an option. Parsing, {@code --help} and completion come of that record, its
 * {@link Settings.Help} and the seat's summary.
 *
 * @param <S> the settings record, see {@link Settings}
 */
@ConsumerType
@SeatKind(
        value = Seat.COMMAND,
        summary = "commands of ./kolotoc",
        reserved = {"help", "plugin", "feature", "debug"})
public interface Command<S extends Record> extends Plugin<S> {
    /** Marks the component that takes what is typed without an option: a text or a number, or a list of such for several. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
    @interface Arguments {}

    /**
     * Does it.
     *
     * @param out standard output
     * @return whether all is well: exit code 0, else 1
     * @throws InputError when what was given can't be used: exit code 2
     * @throws IOException when a file can't be read or written: exit code 2
     */
    boolean run(S settings, PrintStream out) throws IOException;
}
