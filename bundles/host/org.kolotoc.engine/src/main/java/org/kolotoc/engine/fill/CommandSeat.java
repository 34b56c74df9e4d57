package org.kolotoc.engine.fill;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import org.kolotoc.api.Command;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;

/** The seat of a command, filled. */
public final class CommandSeat {
    private final Occupant occupant;
    private final Work command;

    @FunctionalInterface
    private interface Work {
        boolean run(PrintStream out) throws IOException;
    }

    private CommandSeat(Occupant occupant, Work command) {
        this.occupant = occupant;
        this.command = command;
    }

    /**
     * Finds a command and binds its settings.
     *
     * @param problems of the line, whose places are those of the settings
     * @throws InputError with everything that is wrong
     */
    public static CommandSeat of(String id, JsonObject settings, Seats seats, Problems problems) {
        Optional<CommandSeat> seat =
                new Filler(seats, problems).fill(Command.class, new SeatRef(id, settings, "$"), CommandSeat::of);
        problems.refuse();
        return seat.orElseThrow();
    }

    private static Optional<CommandSeat> of(Command<?> plugin, Binding binding) {
        return bound(plugin, binding);
    }

    private static <S extends Record> Optional<CommandSeat> bound(Command<S> plugin, Binding binding) {
        return binding.settings(plugin)
                .map(settings -> new CommandSeat(binding.occupant(), out -> plugin.run(settings, out)));
    }

    /** Runs it; whether all is well. */
    public boolean run(PrintStream out) {
        return occupant.call("ran", () -> {
            try {
                return command.run(out);
            } catch (IOException e) {
                throw InputError.of("a file can't be read or written: " + Printable.reason(e), "", e);
            }
        });
    }
}
