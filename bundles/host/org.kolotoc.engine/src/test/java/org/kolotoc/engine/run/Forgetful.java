package org.kolotoc.engine.run;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Settings;
import org.kolotoc.api.Training;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;

/** A phase that adds to a tensor what it keeps somewhere else, as {@code keeps} says. */
final class Forgetful implements Phase<Settings.None> {
    /** Where a phase may keep what it carries from step to step. */
    enum Keeps {
        /** As it must: a counter of the train state. */
        STATE,
        /** How many steps it took. */
        COUNTER,
        RANDOM,
        /** The next batch of the data. */
        CURSOR,
        /** A mean of what it did before, which its measure tells. */
        MEAN,
        /** Whether this is its first step. */
        WARMED_UP,
        /** All these in the plugin itself, which outlives a run. */
        COUNTER_OF_PLUGIN,
        RANDOM_OF_PLUGIN
    }

    private static final int BATCHES = 7;

    private final Keeps keeps;
    private final long pause;
    private final Notes own = new Notes();

    /** What should not be kept there. */
    private static final class Notes {
        private long count;
        private final SplittableRandom random = new SplittableRandom(5);
        private double mean;
    }

    Forgetful(Keeps keeps) {
        this(keeps, 0);
    }

    /** @param pause nanoseconds that each step takes longer */
    Forgetful(Keeps keeps, long pause) {
        this.keeps = keeps;
        this.pause = pause;
    }

    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public Needs needs(Settings.None settings) {
        return Needs.none();
    }

    @Override
    public List<Measure> measures(Settings.None settings) {
        return List.of(Measure.step("mean", "", Measure.Better.NEITHER));
    }

    @Override
    public Training prepare(Settings.None settings, PhaseContext context) {
        context.state().declare("forgetful", List.of(Parameter.of("value", Initializer.ZEROS, 2)));
        Buffer buffer = context.state().buffer("forgetful/value");
        boolean ofPlugin = keeps == Keeps.COUNTER_OF_PLUGIN || keeps == Keeps.RANDOM_OF_PLUGIN;
        Notes notes = ofPlugin ? own : new Notes();
        return Training.of(List.of(), (index, out) -> step(context, buffer, notes, index, out), _ -> {});
    }

    private void step(PhaseContext context, Buffer buffer, Notes notes, long index, Measurements out) {
        float[] value = new float[2];
        buffer.read(0, value);
        value[0] += 1;
        double mean = 0;
        switch (keeps) {
            case STATE -> {
                long counted = context.state().counter("forgetful/steps") + 1;
                context.state().counter("forgetful/steps", counted);
                value[1] += counted;
            }
            case COUNTER, COUNTER_OF_PLUGIN -> value[1] += 0.5f * notes.count;
            case RANDOM, RANDOM_OF_PLUGIN -> value[1] += (float) notes.random.nextDouble();
            case CURSOR -> value[1] += notes.count % BATCHES;
            case MEAN -> {
                notes.mean = 0.9 * notes.mean + 0.1 * index;
                mean = notes.mean;
            }
            case WARMED_UP -> value[1] += notes.count == 0 ? 0 : 1;
        }
        notes.count++;
        buffer.write(0, value);
        out.put("mean", mean);
        LockSupport.parkNanos(pause);
    }
}
