package org.kolotoc.author;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc tour}: shows in five steps what the platform is for. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=tour",
            "kolotoc.command.summary=shows in five steps, each checked, what the platform is for",
            "kolotoc.command.stoppable=true"
        })
public final class TourCommand implements Command {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");
    private static final Syntax SYNTAX =
            Syntax.of("tour", "[--out <folder>]").takes(Shared.OUT).notes("""
                Makes a plugin, builds it, trains it and swaps it while the run turns, lets it write, and takes its run again bit
                for bit. Each step is shown as it is typed, done in a process of its own, timed and checked.

                examples:
                  ./kolotoc tour
                  ./kolotoc tour --out /tmp/tour

                exit code: 0 if every step did what it is there for, 1 if one did not
                """);

    private final BooleanSupplier stop;
    private final ToIntFunction<String[]> swap;

    @Activate
    public TourCommand(
            @Reference(target = "(kolotoc.stop=true)") BooleanSupplier stop,
            @Reference(target = "(kolotoc.command=swap)") ToIntFunction<String[]> swap) {
        this.stop = stop;
        this.swap = swap;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return Work.guarded(() -> SYNTAX.run(arguments, System.out, this::take));
    }

    private int take(Line line) throws IOException {
        line.none();
        Path folder = line.path(Shared.OUT).orElse(Path.of("runs", "tour-" + MOMENT.format(LocalDateTime.now())));
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw InputError.of(
                    "--out " + folder + " is there already; expected a folder that can be made", "choose another");
        }
        try {
            return (switch (new Tour(folder, swap, stop, System.out).take()) {
                        case DONE -> ExitCode.DONE;
                        case FAILED -> ExitCode.FAILED;
                        case STOPPED -> ExitCode.INTERRUPTED;
                    })
                    .code();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.code();
        }
    }
}
