package org.kolotoc.engine.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import org.kolotoc.api.claim.Claim;
import org.kolotoc.api.claim.Finding;
import org.kolotoc.api.claim.Trial;
import org.kolotoc.engine.check.Costs;

/**
 * Judges the claims of a comparison by the runs that are there.
 *
 * @param sides names of both
 * @param pairs runs of both sides, by seed, then by side
 */
record Bench(Comparison comparison, List<String> sides, TreeMap<Long, Map<String, RunRecord>> pairs) {
    private static final int HASH_SHOWN = 12;

    private List<Trial> trials() {
        List<Trial> trials = new ArrayList<>();
        pairs.forEach((seed, runs) -> {
            Map<String, Trial.Outcome> outcomes = new LinkedHashMap<>();
            runs.forEach((side, run) -> outcomes.put(side, run.outcome()));
            trials.add(new Trial(seed, outcomes));
        });
        return trials;
    }

    /** Whether both sides have as much of what is asked, by the pairs in which neither diverged; not known where one lacks it. */
    List<Judgement.Balance> balances() {
        List<Trial> trials = trials();
        return comparison.fair().measures().stream()
                .map(measure -> balance(measure, trials))
                .toList();
    }

    private Judgement.Balance balance(String measure, List<Trial> trials) {
        List<Map<String, RunRecord>> whole = pairs.values().stream()
                .filter(pair -> pair.values().stream().noneMatch(RunRecord::diverged))
                .toList();
        OptionalDouble apart = whole.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(0);
        for (Map<String, RunRecord> pair : whole) {
            OptionalDouble one = pair.get(sides.get(0)).outcome().last(measure);
            OptionalDouble other = pair.get(sides.get(1)).outcome().last(measure);
            apart = apart.isPresent() && one.isPresent() && other.isPresent()
                    ? OptionalDouble.of(Math.max(apart.getAsDouble(), share(one.getAsDouble(), other.getAsDouble())))
                    : OptionalDouble.empty();
        }
        return new Judgement.Balance(
                measure,
                means(measure, trials),
                apart,
                apart.isPresent() ? "" : whole.isEmpty() ? noneWhole() : "not measured in both runs of every pair",
                comparison.fair().within());
    }

    /** Why there is no pair of which neither run diverged. */
    private String noneWhole() {
        return pairs.isEmpty()
                ? "no pair is there"
                : sides.stream()
                        .filter(side -> pairs.values().stream()
                                .allMatch(pair -> pair.get(side).diverged()))
                        .findFirst()
                        .map(side -> "every run of " + side + " diverged")
                        .orElse("a run of every pair diverged");
    }

    /** By how much of the larger one two numbers differ. */
    private static double share(double one, double other) {
        double larger = Math.max(Math.abs(one), Math.abs(other));
        return larger == 0 ? 0 : Math.abs(one - other) / larger;
    }

    private Map<String, Double> means(String measure, List<Trial> trials) {
        Map<String, Double> means = new LinkedHashMap<>();
        for (String side : sides) {
            trials.stream()
                    .flatMapToDouble(trial -> trial.runs().get(side).last(measure).stream())
                    .average()
                    .ifPresent(mean -> means.put(side, mean));
        }
        return means;
    }

    /**
     * Judges claims.
     *
     * @param balances what the sides had as much of; where that is not so, or not known, no claim is judged
     * @param known what is measured by which models, by side
     */
    List<Judgement.Judged> judged(List<Claim> claims, List<Judgement.Balance> balances, Map<String, Known> known)
            throws IOException {
        Optional<String> unfair = unfair(balances);
        List<Trial> trials = trials();
        List<Judgement.Judged> judged = new ArrayList<>();
        for (Claim claim : claims) {
            String other = sides.get(sides.indexOf(claim.favours()) == 0 ? 1 : 0);
            Optional<String> apart = otherJudges(claim, known);
            Finding finding = unfair.isPresent()
                    ? Finding.undecided(unfair.get(), Map.of())
                    : apart.isPresent() ? Finding.undecided(apart.get(), Map.of()) : claim.judge(trials, other);
            judged.add(new Judgement.Judged(claim.text(other), claim.favours(), finding));
        }
        return judged;
    }

    private static Optional<String> unfair(List<Judgement.Balance> balances) {
        if (balances.stream().anyMatch(Judgement.Balance::isBroken)) {
            return Optional.of("both sides did not have as much");
        }
        List<String> unknown = balances.stream()
                .filter(balance -> !balance.holds())
                .map(balance -> balance.measure() + " (" + balance.unknown() + ")")
                .toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of("not known whether both sides had as much: " + String.join(", ", unknown));
    }

    /** Why measures of a claim tell nothing of the two sides: other models looked at each. */
    private Optional<String> otherJudges(Claim claim, Map<String, Known> known) throws IOException {
        for (String measure : claim.measures()) {
            List<String> models = known.get(sides.get(0)).judges().getOrDefault(measure, List.of());
            List<String> others = known.get(sides.get(1)).judges().getOrDefault(measure, List.of());
            for (Map.Entry<Long, Map<String, RunRecord>> pair : pairs.entrySet()) {
                RunRecord one = pair.getValue().get(sides.get(0));
                RunRecord other = pair.getValue().get(sides.get(1));
                if (one.diverged() || other.diverged()) {
                    continue;
                }
                List<String> hashes = hashes(one, models);
                List<String> otherHashes = hashes(other, others);
                if (!hashes.equals(otherHashes)) {
                    return Optional.of("not comparable: " + measure + " is taken with " + models + " " + hashes + " in "
                            + one.name() + ", with " + others + " " + otherHashes + " in " + other.name()
                            + "; let both sides train these first, with the same settings");
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> hashes(RunRecord run, List<String> models) throws IOException {
        List<String> hashes = new ArrayList<>();
        for (String model : models) {
            hashes.add(run.hash(model).substring(0, HASH_SHOWN));
        }
        return hashes;
    }

    /** What runs of both sides cost, whatever is claimed. */
    List<Judgement.Cost> costs() {
        List<Trial> trials = trials();
        TreeSet<String> names = new TreeSet<>();
        trials.forEach(trial -> trial.runs()
                .values()
                .forEach(run -> run.evaluations().forEach(evaluation -> names.addAll(evaluation.keySet()))));
        // Each is there behind the name of its phase too, which says nothing of what was drawn.
        names.removeIf(name -> !Costs.is(name) || name.indexOf(Costs.PREFIX) > name.indexOf('/') + 1);
        List<Judgement.Cost> costs = new ArrayList<>();
        names.forEach(name -> costs.add(new Judgement.Cost(name, "", means(name, trials))));
        TreeSet<String> samples = new TreeSet<>();
        pairs.values()
                .forEach(pair -> pair.values()
                        .forEach(run -> samples.addAll(run.secondsPerThousand().keySet())));
        for (String name : samples) {
            Map<String, Double> means = new LinkedHashMap<>();
            for (String side : sides) {
                pairs.values().stream()
                        .map(pair -> pair.get(side).secondsPerThousand().get(name))
                        .filter(Objects::nonNull)
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .ifPresent(mean -> means.put(side, mean));
            }
            costs.add(new Judgement.Cost(name + ", time for 1,000 examples", "s", means));
        }
        return costs;
    }
}
