package org.kolotoc.engine.command;

import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.fill.CommandSeat;

/**
 * A command that fills a seat. Its plugin is made when it runs; what it takes is read from its class.
 *
 * @param name its id
 * @param summary of the seat
 */
record PluggedCommand(String name, String summary, Engine engine) implements Command {
    @Override
    public Syntax syntax() {
        return described().syntax(summary);
    }

    private SettingsSyntax described() {
        return new SettingsSyntax(name, engine.seats().settings(org.kolotoc.api.Command.class, name));
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return engine.guarded(() -> {
            SettingsSyntax described = described();
            return described.syntax(summary).run(arguments, line -> {
                CommandSeat seat = CommandSeat.of(name, described.json(line), engine.seats(), described.problems());
                boolean well = seat.run(System.out);
                System.out.flush();
                return well ? ExitCode.DONE.code() : ExitCode.FAILED.code();
            });
        });
    }
}
