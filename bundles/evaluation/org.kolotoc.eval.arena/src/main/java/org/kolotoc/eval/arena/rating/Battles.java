package org.kolotoc.eval.arena.rating;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Battles in the order in which they were fought, with numbers for names. Models are numbered as they first appear. */
public final class Battles {
    private final List<String> models;
    private final List<String> features;
    private final int[] left;
    private final int[] right;
    private final Outcome[] outcomes;
    private final double[][] style;

    private Battles(List<String> models, List<String> features, List<Battle> battles, Map<String, Integer> numbers) {
        this.models = models;
        this.features = List.copyOf(features);
        this.left = battles.stream().mapToInt(b -> numbers.get(b.left())).toArray();
        this.right = battles.stream().mapToInt(b -> numbers.get(b.right())).toArray();
        this.outcomes = battles.stream().map(Battle::outcome).toArray(Outcome[]::new);
        this.style = battles.stream()
                .map(b -> b.style().stream().mapToDouble(Double::doubleValue).toArray())
                .toArray(double[][]::new);
    }

    /**
     * Numbers the models of battles.
     *
     * @param features names of the style features that every battle has
     * @throws IllegalArgumentException where a model fights itself, or a battle has another number of features
     */
    public static Battles of(List<Battle> battles, List<String> features) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (Battle battle : battles) {
            if (battle.left().equals(battle.right())) {
                throw new IllegalArgumentException("'" + battle.left() + "' fights itself; expected two models");
            }
            if (battle.style().size() != features.size()) {
                throw new IllegalArgumentException(
                        "a battle has " + battle.style().size() + " style features; expected " + features);
            }
            numbers.putIfAbsent(battle.left(), numbers.size());
            numbers.putIfAbsent(battle.right(), numbers.size());
        }
        return new Battles(List.copyOf(numbers.keySet()), features, battles, numbers);
    }

    /** Battles without style features. */
    public static Battles of(List<Battle> battles) {
        return of(battles, List.of());
    }

    /** Names of models, by their numbers. */
    public List<String> models() {
        return models;
    }

    /** Names of style features. */
    public List<String> features() {
        return features;
    }

    public int size() {
        return left.length;
    }

    /** Number of the model on the left of a battle. */
    public int left(int battle) {
        return left[battle];
    }

    public int right(int battle) {
        return right[battle];
    }

    public Outcome outcome(int battle) {
        return outcomes[battle];
    }

    /** Difference of a style feature in a battle, left minus right. */
    public double style(int battle, int feature) {
        return style[battle][feature];
    }

    /** How often each model fought. */
    public int[] votes() {
        int[] votes = new int[models.size()];
        for (int battle = 0; battle < size(); battle++) {
            votes[left[battle]]++;
            votes[right[battle]]++;
        }
        return votes;
    }

    /** {@code [model, model]}: points that a model took from another, a tie being half a point for each. */
    public double[][] points() {
        double[][] points = new double[models.size()][models.size()];
        for (int battle = 0; battle < size(); battle++) {
            points[left[battle]][right[battle]] += outcomes[battle].points();
            points[right[battle]][left[battle]] += 1 - outcomes[battle].points();
        }
        return points;
    }
}
