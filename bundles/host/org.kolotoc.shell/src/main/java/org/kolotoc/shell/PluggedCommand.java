package org.kolotoc.shell;

import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.SettingsSyntax;
import org.kolotoc.engine.command.Syntax;

/**
 * A command that fills a seat. Its plugin is made when it runs; what it takes is read from its class.
 *
 * @param name its id
 * @param summary of the seat
 */
record PluggedCommand(String name, String summary, Engine engine, Terminal terminal) implements Command {
    @Override
    public Syntax syntax() {
        return described().syntax(summary);
    }

    private SettingsSyntax described() {
        return new SettingsSyntax(name, engine.seats().settings(org.kolotoc.api.Command.class, name));
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> {
            SettingsSyntax described = described();
            return described.syntax(summary).run(arguments, terminal.out(), line -> {
                boolean well = described.seat(line, engine.seats()).run(terminal.out());
                terminal.out().flush();
                return (well ? ExitCode.DONE : ExitCode.FAILED).code();
            });
        });
    }
}
