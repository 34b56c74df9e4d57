package org.kolotoc.shell;

import java.util.Locale;
import java.util.function.ToIntFunction;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.device.Devices;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc devices}: what programs can run on, tried out. */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=devices", "kolotoc.command.summary=shows what programs can run on, and tries each"
        })
public final class DevicesCommand implements Command {
    private static final Syntax SYNTAX =
            Syntax.of("devices", "[--json]").takes(Shared.JSON).notes("""
                Shows every device of every backend, runs a small program on it (product, softmax, sums, random numbers, an
                updated state) and compares all numbers with the reference; then what could be there, and why it is not.
                The id is what --backend takes; its beginning means the first device of that kind: tornado:opencl.

                examples:
                  ./kolotoc devices
                  ./kolotoc devices --json

                exit code: 0 every device computes what it should, 1 one does not, 2 bad input
                """);

    private final Engine engine;
    private final Terminal terminal;

    @Activate
    public DevicesCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.engine = engine;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::devices));
    }

    private int devices(Line line) {
        line.none();
        Devices found = Devices.of(engine.backends());
        if (line.has(Shared.JSON)) {
            terminal.out().println(Engine.json(found));
        } else {
            print(found);
        }
        return found.allPassed() ? 0 : ExitCode.FAILED.code();
    }

    private void print(Devices found) {
        Table table = new Table("ID", "NAME", "DRIVER", "MEMORY", "UNITS", "TEST", "SECONDS");
        found.devices()
                .forEach(device -> table.row(
                        device.id(),
                        device.name(),
                        device.driver().isEmpty() ? "-" : device.driver(),
                        device.memoryBytes() == 0
                                ? "?"
                                : String.format(Locale.ROOT, "%.1f GB", device.memoryBytes() / 1e9),
                        device.computeUnits() == 0 ? "?" : device.computeUnits(),
                        device.passed() ? "passed" : "FAILED",
                        String.format(Locale.ROOT, "%.2f", device.seconds())));
        terminal.out().print(table);
        found.devices().stream()
                .filter(device -> !device.passed())
                .forEach(device -> terminal.out().println(device.id() + ": " + device.trouble()));
        found.absent().forEach((id, reason) -> terminal.out().println("not there: " + id + ": " + reason));
    }
}
