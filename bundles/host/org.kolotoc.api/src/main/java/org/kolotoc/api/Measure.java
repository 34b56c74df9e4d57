package org.kolotoc.api;

/**
 * A number that a phase or a metric takes, declared before it is taken: so the progress line, the report and the criteria
 * of an experiment know all phases alike. Of several measures of one kind, people are shown the first where there is room
 * for one.
 *
 * @param name {@code loss/validation}
 * @param unit for people, {@code nats/token}; empty for a plain number
 * @param taken when
 * @param better which way a model gets better
 * @param alarm what its last value may have to say in a run's verdict, whatever the criteria are; null if nothing
 */
public record Measure(String name, String unit, Taken taken, Better better, Alarm alarm) {
    /** When a measure is taken. */
    public enum Taken {
        /** After every step, on what is trained on. No criterion can be held against it. */
        STEP,
        /** After every step: how much was worked on, {@code tokens}; people are shown it a second. */
        WORK,
        /** When held-out data or samples are judged. */
        EVALUATION
    }

    /** Which way a model gets better. */
    public enum Better {
        LOWER,
        HIGHER,
        NEITHER
    }

    /**
     * What is wrong with a run.
     *
     * @param most the largest value that says so
     * @param saying what it says: {@code collapsed, samples are copies of each other}
     */
    public record Alarm(double most, String saying) {}

    /** One that says nothing by itself. */
    public Measure(String name, String unit, Taken taken, Better better) {
        this(name, unit, taken, better, null);
    }

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException when the name is empty
     */
    public Measure {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a measure needs a name");
        }
    }

    public static Measure step(String name, String unit, Better better) {
        return new Measure(name, unit, Taken.STEP, better);
    }

    public static Measure work(String name, String unit) {
        return new Measure(name, unit, Taken.WORK, Better.HIGHER);
    }

    public static Measure evaluation(String name, String unit, Better better) {
        return new Measure(name, unit, Taken.EVALUATION, better);
    }

    /** The same measure, of which a value that is no larger says that something is wrong. */
    public Measure alarming(double most, String saying) {
        return new Measure(name, unit, taken, better, new Alarm(most, saying));
    }
}
