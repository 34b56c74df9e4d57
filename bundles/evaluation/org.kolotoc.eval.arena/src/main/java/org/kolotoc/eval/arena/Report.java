package org.kolotoc.eval.arena;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.eval.arena.rating.Battles;
import org.kolotoc.eval.arena.rating.Elo;
import org.kolotoc.eval.arena.rating.Fit;
import org.kolotoc.eval.arena.rating.Intervals;
import org.kolotoc.eval.arena.rating.Matchmaker;
import org.kolotoc.eval.arena.rating.Outcome;
import org.kolotoc.eval.arena.rating.PointScores;
import org.kolotoc.eval.arena.rating.Ties;

/**
 * What is said of votes, for people and for programs.
 *
 * @param next battles to vote on
 */
record Report(ArenaCommand.Line line, Leaderboard board, List<Matchmaker.Pairing> next) {
    private static final double DAMPING = 0.85;

    String text() {
        List<String> parts = new ArrayList<>(List.of(table(), remarks()));
        if (line.beside()) {
            parts.add(beside());
        }
        if (!next.isEmpty()) {
            parts.add(pairings());
        }
        return String.join("\n\n", parts);
    }

    private String table() {
        TextTable table = new TextTable(List.of(
                "Rank (UB)", "Rank (StyleCtrl)", "Model", "Arena Score", "95% CI", "Votes", "Organization", "License"));
        for (Standing standing : board.standings()) {
            table.row(List.of(
                    String.valueOf(standing.rank()),
                    standing.styleRank().isPresent()
                            ? String.valueOf(standing.styleRank().getAsInt())
                            : TextTable.NOTHING,
                    standing.model(),
                    format("%.0f", standing.score()),
                    standing.interval(),
                    String.valueOf(standing.votes()),
                    standing.organization().orElse(TextTable.NOTHING),
                    standing.license().orElse(TextTable.NOTHING)));
        }
        return table.toString();
    }

    private String remarks() {
        Battles battles = board.battles();
        Leaderboard.Estimate plain = board.plain();
        List<String> remarks = new ArrayList<>();
        remarks.add(format(
                "%d votes on %d models, %.0f%% of them ties%s; 1000 is the mean, 400 points are ten times the odds",
                battles.size(),
                battles.models().size(),
                100.0 * ties() / battles.size(),
                line.ties() == Ties.HALF
                        ? ", half a win for each"
                        : format(" (nu %.3f)", plain.fit().nu())));
        remarks.add(
                line.intervals() == ArenaCommand.Method.SANDWICH
                        ? "intervals by the sandwich estimator"
                        : format(
                                "intervals of %d resamples, seed %d; the sandwich estimator's are %.2f times as wide",
                                line.resamples(), line.seed(), plain.sandwichRatio()));
        if (line.prior() > 0) {
            remarks.add(format(
                    line.prior() == 1
                            ? "a virtual tie of each model with an average one holds scores near the mean"
                            : "%s virtual ties of each model with an average one hold scores near the mean",
                    number(line.prior())));
        }
        leftOut(remarks, "", plain);
        board.styled().ifPresent(styled -> {
            for (int feature = 0; feature < battles.features().size(); feature++) {
                Intervals intervals = styled.intervals();
                int at = battles.models().size() + feature;
                remarks.add(format(
                        "style: a unit more of %s is worth %.4g logits (%.4g to %.4g)",
                        battles.features().get(feature),
                        styled.fit().coefficients()[feature],
                        intervals.lower()[at],
                        intervals.upper()[at]));
            }
            leftOut(remarks, " with style", styled);
        });
        return String.join("\n", remarks);
    }

    private void leftOut(List<String> remarks, String which, Leaderboard.Estimate estimate) {
        if (estimate.undetermined() > 0) {
            remarks.add(format(
                    "%d of %d resamples%s had no likeliest scores and are left out: votes are few",
                    estimate.undetermined(), line.resamples(), which));
        }
    }

    private int ties() {
        Battles battles = board.battles();
        return (int) IntStream.range(0, battles.size())
                .filter(battle -> battles.outcome(battle) == Outcome.TIE)
                .count();
    }

    /** Simpler scores of each model, by what they are called. */
    private Map<String, double[]> simpler() {
        PointScores points = PointScores.of(board.battles());
        Map<String, double[]> scores = new LinkedHashMap<>();
        scores.put("Elo", Elo.USUAL.ratings(board.battles()));
        scores.put("points", points.counting());
        scores.put("win rate", points.averageWinRate());
        scores.put("eigenvector", points.eigenvector());
        scores.put("PageRank", points.pageRank(DAMPING));
        return scores;
    }

    private String beside() {
        Map<String, double[]> simpler = simpler();
        List<String> heads = new ArrayList<>(List.of("Model", "Arena Score"));
        heads.addAll(simpler.keySet());
        TextTable table = new TextTable(heads);
        for (Standing standing : board.standings()) {
            List<String> cells = new ArrayList<>(List.of(standing.model(), format("%.0f", standing.score())));
            simpler.values().forEach(scores -> cells.add(number(scores[number(standing)])));
            table.row(cells);
        }
        return table + "\nElo depends on the order of the votes, the others don't; none of them says how sure it is";
    }

    private int number(Standing standing) {
        return board.battles().models().indexOf(standing.model());
    }

    private String pairings() {
        TextTable table = new TextTable(List.of("next on the left", "and on the right"));
        next.forEach(pairing -> table.row(List.of(name(pairing.left()), name(pairing.right()))));
        return table.toString();
    }

    private String name(int model) {
        return board.battles().models().get(model);
    }

    String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema", "kolotoc.arena/1");
        json.put("votes", board.battles().size());
        json.put("tied", ties());
        json.put("ties", label(line.ties()));
        if (line.ties() == Ties.DAVIDSON) {
            json.put("nu", board.plain().fit().nu());
        }
        json.put("intervals", label(line.intervals()));
        if (line.intervals() == ArenaCommand.Method.BOOTSTRAP) {
            json.put("resamples", line.resamples());
            json.put("leftOut", board.plain().undetermined());
            json.put("seed", line.seed());
        }
        json.put("prior", line.prior());
        json.put("models", models());
        board.styled().ifPresent(styled -> json.put("style", style(styled)));
        if (!next.isEmpty()) {
            json.put(
                    "next",
                    next.stream()
                            .map(pair -> ordered("left", name(pair.left()), "right", name(pair.right())))
                            .toList());
        }
        return ArenaJson.of(json);
    }

    private List<Map<String, Object>> models() {
        Fit fit = board.plain().fit();
        double[] errors = fit.sandwichErrors();
        Map<String, double[]> simpler = line.beside() ? simpler() : Map.of();
        return board.standings().stream()
                .map(standing -> {
                    Map<String, Object> model = ordered(
                            "rank", standing.rank(),
                            "styleRank", standing.styleRank(),
                            "model", standing.model(),
                            "score", standing.score(),
                            "lower", standing.lower(),
                            "upper", standing.upper(),
                            "sandwichError", Fit.POINTS_PER_LOGIT * errors[number(standing)],
                            "votes", standing.votes(),
                            "organization", standing.organization(),
                            "license", standing.license());
                    simpler.forEach((name, scores) -> model.put(name, scores[number(standing)]));
                    return model;
                })
                .toList();
    }

    private List<Map<String, Object>> style(Leaderboard.Estimate styled) {
        Battles battles = board.battles();
        return IntStream.range(0, battles.features().size())
                .mapToObj(feature -> ordered(
                        "feature",
                        battles.features().get(feature),
                        "logits",
                        styled.fit().coefficients()[feature],
                        "lower",
                        styled.intervals().lower()[battles.models().size() + feature],
                        "upper",
                        styled.intervals().upper()[battles.models().size() + feature]))
                .toList();
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? format("%.0f", value) : format("%.4g", value);
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
