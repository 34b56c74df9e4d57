package org.kolotoc.eval.arena.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.eval.arena.rating.Battle;
import org.kolotoc.eval.arena.rating.Battles;
import org.kolotoc.eval.arena.rating.Outcome;

/** A file of votes: two models and who won, with whatever else, of which columns of style may be asked for. */
public final class Votes {
    private static final String WINNER = "winner";

    /**
     * What both sides are called.
     *
     * @param left column with the name of the model
     * @param suffixes behind the names of columns that each side has
     */
    private record Sides(String left, String right, List<String> suffixes) {
        boolean isIn(Records records) {
            return records.fields().contains(left) && records.fields().contains(right);
        }
    }

    private static final List<Sides> SIDES = List.of(
            new Sides("left", "right", List.of("left", "right")),
            new Sides("model_a", "model_b", List.of("a", "b")),
            new Sides("model_x", "model_y", List.of("x", "y")));

    private static final Map<String, Outcome> OUTCOMES = Stream.of(
                    "left=LEFT right=RIGHT tie=TIE draw=TIE model_a=LEFT model_b=RIGHT a=LEFT b=RIGHT".split(" "),
                    "model_x=LEFT model_y=RIGHT x=LEFT y=RIGHT".split(" "))
            .flatMap(Stream::of)
            .map(pair -> pair.split("="))
            .collect(Collectors.toMap(pair -> pair[0], pair -> Outcome.valueOf(pair[1])));

    /** How some write that nobody could be preferred, both being bad. */
    private static final String BOTH_BAD = "tie (bothbad)";

    private Votes() {}

    /**
     * Reads battles.
     *
     * @param style features: of {@code length}, the columns {@code length_left} and {@code length_right}, else the column {@code length}
     *     with the difference
     * @throws InputError with line and column, when something is not as it must be
     */
    public static Battles read(String name, List<String> style) throws IOException {
        Records records = Records.read(name, "votes");
        Sides sides = SIDES.stream()
                .filter(known -> known.isIn(records))
                .findFirst()
                .filter(_ -> records.fields().contains(WINNER))
                .orElseThrow(() -> InputError.of(
                        name + " has the columns " + String.join(", ", records.fields())
                                + "; expected left, right and winner, or model_a, model_b and winner",
                        "name its columns so, or take those of another file"));
        List<Battle> battles = new ArrayList<>();
        for (Entry entry : records.entries()) {
            battles.add(battle(entry, sides, columns(records, sides, style)));
        }
        if (battles.isEmpty()) {
            throw InputError.of("there is no vote in " + name, "give a file that has some");
        }
        return Battles.of(battles, style);
    }

    /** Of each feature the column of both sides, or the one with the difference. */
    private static List<List<String>> columns(Records records, Sides sides, List<String> style) {
        List<List<String>> columns = new ArrayList<>();
        for (String feature : style) {
            List<String> both = Stream.of(sides.suffixes(), SIDES.getFirst().suffixes())
                    .map(suffixes ->
                            suffixes.stream().map(side -> feature + "_" + side).toList())
                    .filter(records.fields()::containsAll)
                    .findFirst()
                    .orElse(List.of(feature));
            if (!records.fields().containsAll(both)) {
                throw InputError.of(
                        "--style " + feature + ": " + records.file() + " has the columns "
                                + String.join(", ", records.fields()) + "; expected " + feature + "_"
                                + sides.suffixes().getFirst() + " and " + feature + "_"
                                + sides.suffixes().getLast() + ", or " + feature + " with their difference",
                        "name features that it has, or leave --style out");
            }
            columns.add(both);
        }
        return columns;
    }

    private static Battle battle(Entry entry, Sides sides, List<List<String>> style) {
        Entry.Value left = entry.require(sides.left(), "the name of a model");
        Entry.Value right = entry.require(sides.right(), "the name of a model");
        if (left.text().equals(right.text())) {
            throw right.place().fault("'" + right.text() + "' fights itself; expected two models");
        }
        Entry.Value winner = entry.require(WINNER, "left, right or tie");
        String said = winner.text().strip().toLowerCase(Locale.ROOT);
        Outcome outcome = Optional.ofNullable(said.equals(BOTH_BAD) ? Outcome.TIE : OUTCOMES.get(said))
                .orElseThrow(() -> winner.place()
                        .fault("'" + WINNER + "' is '" + winner.text() + "'; expected left, right or tie"));
        return new Battle(
                left.text(),
                right.text(),
                outcome,
                style.stream()
                        .map(columns -> columns.size() == 1
                                ? entry.number(columns.getFirst())
                                : entry.number(columns.getFirst()) - entry.number(columns.getLast()))
                        .toList());
    }
}
