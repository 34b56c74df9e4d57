package org.kolotoc.shell;

import java.util.List;
import java.util.function.ToIntFunction;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.plan.Standing;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc why}: why a plugin, a bundle or a jar can be used, or what it lacks. */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=why", "kolotoc.command.summary=says why a plugin can be used, or what it lacks"})
public final class WhyCommand implements Command {
    static final String RAW = "--raw";

    private static final Syntax SYNTAX = Syntax.of("why", "<seat, bundle or jar> [--raw] [--json]")
            .flag(RAW, "also the filters that manifests write needs as")
            .takes(Shared.JSON)
            .notes("""
                Names what a plugin lacks, what lies behind that, and the next command. One that can be used is made, as a
                run would; where it came from and what it is wired to is told.

                examples:
                  ./kolotoc why model:gpt
                  ./kolotoc why model:gpt:1.2
                  ./kolotoc why pretrain
                  ./kolotoc why org.kolotoc.model.gpt
                  ./kolotoc why my-model-1.0.0.jar --raw

                exit codes: 0 all of that name can be used, 2 one can't, or there is none
                """);

    private final Engine engine;
    private final Terminal terminal;

    @Activate
    public WhyCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.engine = engine;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::why));
    }

    private int why(Line line) {
        List<Standing> found =
                engine.diagnosis().of(line.one("one seat, plugin, bundle or jar", "./kolotoc why model:gpt"));
        if (line.has(Shared.JSON)) {
            terminal.out().println(Engine.json(found));
        } else {
            String gap = "";
            for (Standing standing : found) {
                terminal.out().print(gap);
                terminal.out().println(Printable.lines(standing.reason().text(line.has(RAW))));
                gap = "\n";
            }
        }
        return (found.stream().allMatch(Standing::usable) ? ExitCode.DONE : ExitCode.BAD_INPUT).code();
    }
}
