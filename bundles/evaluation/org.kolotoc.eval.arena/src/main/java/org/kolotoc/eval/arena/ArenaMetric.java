package org.kolotoc.eval.arena;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.eval.arena.file.ModelCards;
import org.kolotoc.eval.arena.rating.Battles;
import org.kolotoc.eval.arena.rating.Bootstrap;
import org.kolotoc.eval.arena.rating.BradleyTerry;
import org.kolotoc.eval.arena.rating.Fit;
import org.kolotoc.eval.arena.rating.Ties;
import org.kolotoc.eval.arena.rating.Undetermined;
import org.kolotoc.nn.statistics.Interval;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of battles between those who answered in transcripts: each pair over each question, a judge says who won. {@code
 * arena} is the least distance, in points, from the upper bound of one's score to the lower bound of the next one's, so that it
 * is above 0 where everybody is surely better than the one before; {@code arena/<name>} is a score with its bounds {@code low} and
 * {@code high}. {@code arena/<name>/wins} is the share of battles with the one before that it wins, a tie being half, with its 95 %
 * interval (Wilson 1927), for all but the first. The leaderboard and the votes, which the command {@code arena} reads, are shown.
 */
@Component
@Seat(kind = Seat.METRIC, id = "arena", summary = "battles of two over the same questions: scores with intervals")
public final class ArenaMetric implements Metric<ArenaSettings> {
    static final String ID = "arena";
    private static final String WINS = "/wins";

    @Override
    public Class<ArenaSettings> settings() {
        return ArenaSettings.class;
    }

    @Override
    public Needs needs(ArenaSettings settings) {
        return Needs.none();
    }

    @Override
    public List<Measure> measures(ArenaSettings settings) {
        if (settings.entrants().size() < 2
                || new HashSet<>(settings.entrants()).size()
                        < settings.entrants().size()) {
            throw InputError.field(
                    "entrants", "are " + settings.entrants() + "; expected two names or more, each once");
        }
        List<Measure> measures = new ArrayList<>(List.of(Measure.evaluation(ID, "points", Better.HIGHER)));
        for (String entrant : settings.entrants()) {
            for (String bound : List.of("", "/low", "/high")) {
                measures.add(Measure.evaluation(ID + "/" + entrant + bound, "points", Better.NEITHER));
            }
        }
        for (String entrant : settings.entrants().subList(1, settings.entrants().size())) {
            for (String bound : List.of("", "/low", "/high")) {
                measures.add(Measure.evaluation(ID + "/" + entrant + WINS + bound, "", Better.HIGHER));
            }
        }
        return measures;
    }

    @Override
    public void measure(ArenaSettings settings, List<Sample> samples, ProgramContext context, Measurements out) {
        Rounds rounds = Rounds.of(settings, samples, out);
        Leaderboard board = rounds.votes().isEmpty() ? null : board(settings, rounds);
        Map<String, Standing> standings = board == null
                ? Map.of()
                : board.standings().stream().collect(Collectors.toMap(Standing::model, standing -> standing));
        Standing before = null;
        double apart = Double.POSITIVE_INFINITY;
        for (String entrant : settings.entrants()) {
            Standing standing = standings.get(entrant);
            out.put(ID + "/" + entrant, standing == null ? Fit.MEAN_SCORE : standing.score());
            out.put(ID + "/" + entrant + "/low", standing == null ? Fit.MEAN_SCORE : standing.lower());
            out.put(ID + "/" + entrant + "/high", standing == null ? Fit.MEAN_SCORE : standing.upper());
            apart = before == null || standing == null ? apart : Math.min(apart, standing.lower() - before.upper());
            before = standing;
        }
        out.put(ID, Double.isFinite(apart) ? apart : 0);
        for (int i = 1; i < settings.entrants().size(); i++) {
            wins(settings.entrants().get(i), settings.entrants().get(i - 1), rounds, out);
        }
        if (board != null) {
            out.show(ID + "/leaderboard", Sample.text(new Report(line(settings), board, List.of()).text() + "\n"));
            out.show(ID + "/votes", rounds.file());
        }
    }

    private static void wins(String entrant, String before, Rounds rounds, Measurements out) {
        double points = rounds.points(entrant, before);
        int battles = rounds.questions();
        Interval interval = battles == 0 ? new Interval(0, 1) : Interval.wilson(points, battles, 0.95);
        String name = ID + "/" + entrant + WINS;
        out.put(name, battles == 0 ? 0.5 : points / battles);
        out.put(name + "/low", interval.low());
        out.put(name + "/high", interval.high());
    }

    private static Leaderboard board(ArenaSettings settings, Rounds rounds) {
        BradleyTerry model = BradleyTerry.with(Ties.HALF).withPrior(settings.prior());
        Battles battles =
                Battles.of(rounds.votes().stream().map(Rounds.Vote::battle).toList());
        try {
            Fit fit = model.fit(battles, false);
            Bootstrap samples =
                    Bootstrap.of(model, battles, false, fit, settings.resamples(), rounds.again(settings.seed()));
            Leaderboard.Estimate estimate = new Leaderboard.Estimate(fit, samples.intervals(), samples.undetermined());
            return Leaderboard.of(battles, estimate, Optional.empty(), ModelCards.none());
        } catch (Undetermined e) {
            throw InputError.field("prior", settings.prior() + " leaves scores open: " + e.getMessage());
        }
    }

    private static ArenaCommand.Line line(ArenaSettings settings) {
        return new ArenaCommand.Line(
                "",
                "",
                List.of(),
                Ties.HALF,
                ArenaCommand.Method.BOOTSTRAP,
                settings.resamples(),
                settings.seed(),
                settings.prior(),
                false,
                0,
                "",
                false);
    }
}
