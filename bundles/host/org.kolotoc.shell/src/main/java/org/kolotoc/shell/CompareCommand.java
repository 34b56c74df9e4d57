package org.kolotoc.shell;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.api.claim.Finding;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.compare.Comparing;
import org.kolotoc.engine.compare.Judgement;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.suite.Suite;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc compare}: trains both sides of a comparison and judges what is claimed of them. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=compare",
            "kolotoc.command.summary=trains two sides with the same seeds and judges what is claimed of them; goes on"
                    + " where it was stopped",
            "kolotoc.command.stoppable=true",
            "kolotoc.command.stopping=stopping when the step and what is due after it are done"
        })
public final class CompareCommand implements Command {
    private static final String ONLY = "--only";
    private static final String SEEDS = "--seeds";
    private static final String BUDGET = "--budget";

    private static final Syntax SYNTAX = Syntax.of("compare", "<comparison.json> [options]")
            .repeated(ONLY, "<names>", "trains these runs alone, by side and seed: gan-1,diffusion-1")
            .repeated(SEEDS, "<seeds>", "trains some of the comparison's seeds alone: 1,2")
            .option(
                    BUDGET,
                    "<time>",
                    "how long all of it may take, as 20m, 1h30m or 90s; then the run that goes on is saved")
            .takes(Shared.OUT, "where the comparison is written; runs/compare-<name> if not given")
            .takes(Shared.SET, "changes the experiments of both sides: --set phases.0.steps=200 (repeatable)")
            .takes(
                    Shared.DATA,
                    Shared.BACKEND,
                    Shared.THREADS,
                    Shared.MEMORY,
                    Shared.PATIENCE,
                    Shared.TRUST,
                    Shared.DOWNLOAD,
                    Shared.JSON,
                    Shared.QUIET)
            .notes("""
                A comparison is a JSON file:

                  {"schema": "kolotoc.comparison/1", "seeds": [1, 2, 3, 4, 5],
                   "experiment": {...} or "common.json",
                   "sides": {"a": {"set": {"phases.0.batch": 8}}, "b": {"experiment": "b.json"}},
                   "fair": {"measures": ["cost/flops", "many/cost/parameters"], "within": 0.1},
                   "asked": [{"metric": "fid", "max": 50}],
                   "claims": [{"id": "difference", "favours": "a", "metric": "fid", "margin": 5},
                              {"id": "ratio", "favours": "b", "metric": "many/cost/flops", "better": "lower",
                               "times": 10},
                              {"id": "failures", "favours": "a"}, {"id": "spread", "favours": "a", "metric": "fid"},
                              {"id": "reach", "favours": "a", "metric": "fid", "quality": 50}]}

                Each side is trained with each seed, in a folder of its own below the comparison's, runs/compare-<name>
                if --out says nothing else. The same command goes on where it was stopped; over finished runs it judges
                anew, all that are there. "fair" is required: a comparison whose sides differ in one of its measures by more than
                "within" is void, and where one is not known of both sides no claim is judged. A run fails
                that diverged or misses what is "asked" of each; one that diverged has no quality and is left out
                of claims about it. A claim is confirmed or refuted where the 95% interval of a bootstrap over the seeds
                lies beyond what is asked, for its side or for the other; else, and of fewer than five pairs, it is
                undecided. What was measured by models of the run, such as a judge of pictures, is compared only where
                both sides have the same weights of these. Which way is better a measure says itself; "better" of a claim,
                "lower" or "higher", is needed where it does not, as of costs, and refused where it says the opposite.
                "margin" of a difference or a spread, "times" of a ratio or a reach, is how far ahead a side has to be.

                To try it in short, --set goes to both sides, and --seeds 1 trains one pair; give another --out, as runs that were
                begun stay what they are: --seeds 1 --set phases.0.steps=20 --out runs/try

                comparison.html has verdicts, values, samples side by side, costs and in what the sides differ;
                comparison.json the same.

                examples:
                  ./kolotoc compare examples/comparisons/gan-vs-diffusion.json
                  ./kolotoc compare examples/comparisons/gan-vs-diffusion.json --budget 10m --threads 1
                  ./kolotoc compare examples/comparisons/gan-vs-diffusion.json --json

                exit code: 0 all claims confirmed; 1 some not, or void; 2 bad input; 129, 130, 143 stopped, and saved
                """);

    private final Engine engine;
    private final Terminal terminal;
    private final BooleanSupplier stop;

    @Activate
    public CompareCommand(
            @Reference Engine engine,
            @Reference Terminal terminal,
            @Reference(target = "(kolotoc.stop=true)") BooleanSupplier stop) {
        this.engine = engine;
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::compare));
    }

    private int compare(Line line) throws IOException {
        Comparing comparing = engine.comparison(
                line.file("one comparison", "./kolotoc compare examples/comparisons/gan-vs-diffusion.json"),
                Budget.names(line, ONLY),
                Budget.names(line, SEEDS).stream().map(CompareCommand::seed).toList(),
                line.options());
        SuiteProgress shown = new SuiteProgress(terminal, line.has(Shared.JSON), line.has(Shared.QUIET));
        Comparing.Result result;
        try {
            result = comparing.run(line.text(BUDGET).map(text -> Budget.of(BUDGET, text)), stop, shown);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.code();
        } finally {
            shown.end();
        }
        Judgement judgement = result.judgement();
        if (line.has(Shared.JSON)) {
            terminal.out().println(judgement.line());
        } else {
            terminal.out().println(SuiteCommand.table(result.rows()) + "\n" + Suite.summary(result.rows()) + "\n");
            terminal.out().println(text(judgement) + "\npage: " + comparing.page());
        }
        return (stop.getAsBoolean() ? ExitCode.INTERRUPTED : judgement.isConfirmed() ? ExitCode.DONE : ExitCode.FAILED)
                .code();
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw InputError.of(SEEDS + " " + text + ": expected whole numbers", SEEDS + " 1,2", e);
        }
    }

    private static String text(Judgement judgement) {
        StringBuilder text = new StringBuilder();
        judgement
                .balances()
                .forEach(balance -> text.append(
                                balance.holds() ? "  ok   " : balance.apart().isPresent() ? "  FAIL " : "  ?    ")
                        .append(Printable.lines(balance.text()))
                        .append('\n'));
        for (Judgement.Judged claim : judgement.judged()) {
            Finding finding = claim.finding();
            text.append(String.format("  %-9s  %s%n", judgement.verdict(claim), Printable.lines(claim.claim())))
                    .append("             ")
                    .append(Printable.lines(finding.interval()
                            .map(interval -> "ahead by " + interval.text() + "; ")
                            .orElse("")))
                    .append(Printable.lines(finding.reason()))
                    .append('\n');
        }
        return text.append("verdict: ")
                .append(Printable.lines(judgement.summary()))
                .toString();
    }
}
