package org.kolotoc.eval.arena;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.api.Command;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.eval.arena.file.ModelCards;
import org.kolotoc.eval.arena.file.Votes;
import org.kolotoc.eval.arena.rating.Battles;
import org.kolotoc.eval.arena.rating.Bootstrap;
import org.kolotoc.eval.arena.rating.BradleyTerry;
import org.kolotoc.eval.arena.rating.Fit;
import org.kolotoc.eval.arena.rating.Intervals;
import org.kolotoc.eval.arena.rating.Matchmaker;
import org.kolotoc.eval.arena.rating.Ties;
import org.kolotoc.eval.arena.rating.Undetermined;
import org.osgi.service.component.annotations.Component;

/** {@code kolotoc arena}: rates models by votes on battles of two. */
@Component
@Seat(
        kind = Seat.COMMAND,
        id = "arena",
        summary = "a leaderboard of votes on two answers each: scores by maximum likelihood, intervals, ranks")
public final class ArenaCommand implements Command<ArenaCommand.Line> {
    /** How intervals are found. */
    public enum Method {
        BOOTSTRAP,
        SANDWICH
    }

    public record Line(
            @Command.Arguments String votes,

            @Settings.Default("\"\"")
            @Settings.Help("CSV or JSON lines with the name, organization and license of models")
            String models,

            @Settings.Default("[]")
            @Settings.Help("style features to hold equal, as columns length_left and length_right: length,lists")
            List<String> style,

            @Settings.Default("\"half\"")
            @Settings.Help("a tie is half a win for each side, or (davidson) an outcome of its own")
            Ties ties,

            @Settings.Default("\"bootstrap\"")
            @Settings.Help("how 95% intervals are found: bootstrap, of resampled votes, or sandwich, computed")
            Method intervals,

            @Settings.Default("100")
            @Settings.Range(min = 20, max = 10_000)
            @Settings.Help("times that votes are resampled")
            int resamples,

            @Settings.Default("1") @Settings.Help("of resampling and of next battles")
            long seed,

            @Settings.Default("0")
            @Settings.Range(min = 0, max = 1000)
            @Settings.Help("virtual ties of each model with an average one: scores even of who never lost")
            double prior,

            @Settings.Default("false")
            @Settings.Help("simpler scores beside: Elo (depends on the votes' order), points, win rate, "
                    + "eigenvector, PageRank")
            boolean beside,

            @Settings.Default("0")
            @Settings.Range(min = 0, max = 1000)
            @Settings.Help("battles to vote on next, so many")
            int next,

            @Settings.Default("\"\"") @Settings.Help("an SVG file to draw scores and intervals into")
            String picture,

            @Settings.Default("false") @Settings.Help("JSON instead of text")
            boolean json) {
        /** Names of features, whether typed one by one or with commas. */
        List<String> features() {
            return style.stream()
                    .flatMap(names -> Stream.of(names.split(",")))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .distinct()
                    .toList();
        }

        private BradleyTerry model() {
            return BradleyTerry.with(ties).withPrior(prior);
        }
    }

    @Override
    public boolean run(Line line, PrintStream out) throws IOException {
        ModelCards cards = line.models().isEmpty() ? ModelCards.none() : ModelCards.read(line.models());
        Battles battles = Votes.read(line.votes(), line.features());
        Leaderboard board = Leaderboard.of(
                battles,
                estimate(line, battles, false),
                line.features().isEmpty() ? Optional.empty() : Optional.of(estimate(line, battles, true)),
                cards);
        if (!line.picture().isEmpty()) {
            draw(line.picture(), board);
        }
        Report report = new Report(line, board, next(line, battles));
        out.println(line.json() ? report.json() : report.text());
        return true;
    }

    private static Leaderboard.Estimate estimate(Line line, Battles battles, boolean styled) {
        try {
            Fit fit = line.model().fit(battles, styled);
            if (line.intervals() == Method.SANDWICH) {
                return new Leaderboard.Estimate(fit, Intervals.sandwich(fit), 0);
            }
            Bootstrap samples = Bootstrap.of(line.model(), battles, styled, fit, line.resamples(), line.seed());
            if (samples.undetermined() > line.resamples() / 2) {
                throw InputError.of(
                        samples.undetermined() + " of " + line.resamples() + " resamples of " + line.votes()
                                + " have no likeliest scores: too few votes say who is better than whom",
                        "more votes, or --intervals sandwich, or --prior 1, which holds every score near the mean");
            }
            return new Leaderboard.Estimate(fit, samples.intervals(), samples.undetermined());
        } catch (Undetermined e) {
            throw InputError.of(
                    line.votes() + (styled ? " with --style " + String.join(",", line.features()) : "")
                            + " has no likeliest scores: " + e.getMessage(),
                    styled
                            ? "leave that feature out of --style"
                            : "./kolotoc arena " + line.votes()
                                    + " --prior 1   (one virtual tie of each with an average"
                                    + " one), or leave these models out",
                    e);
        }
    }

    private static List<Matchmaker.Pairing> next(Line line, Battles battles) {
        Matchmaker matchmaker = new Matchmaker(line.seed());
        double[][] points = battles.points();
        return IntStream.range(0, line.next())
                .mapToObj(i -> matchmaker.next(points, (long) battles.size() + i))
                .toList();
    }

    private static void draw(String name, Leaderboard board) throws IOException {
        if (!name.toLowerCase(Locale.ROOT).endsWith(".svg")) {
            throw InputError.of("--picture " + name + ": expected a file that ends with .svg", "--picture arena.svg");
        }
        try {
            Files.writeString(Path.of(name), new LeaderboardPicture(board.standings()).svg());
        } catch (InvalidPathException e) {
            throw InputError.of("--picture '" + name + "' is no path: " + e.getReason(), "--picture arena.svg", e);
        }
    }
}
