package org.kolotoc.engine.prepare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampling;
import org.kolotoc.engine.check.Wiring;
import org.kolotoc.engine.check.Wirings;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.fill.Seating;

/** Draws an experiment's samples, with the weights as they are, and has them judged. */
public final class Drawing implements AutoCloseable {
    /** Bytes that a judge may leave behind without a word. */
    private static final long NOTICEABLE = 16 << 20;

    private final Experiment experiment;
    private final Seating seating;
    private final Wirings wirings;
    private final Floor floor;

    /** What judges keep for the whole run. */
    private final Map<Integer, Scope> judges = new LinkedHashMap<>();

    private long drawing;
    private long judging;

    Drawing(Experiment experiment, Seating seating, Wirings wirings, Floor floor) {
        this.experiment = experiment;
        this.seating = seating;
        this.wirings = wirings;
        this.floor = floor;
    }

    /** Does something with a prepared sampler. */
    @FunctionalInterface
    private interface Use<T> {
        T of(Sampling sampling, Scope scope);
    }

    private <T> T with(int place, Use<T> use) {
        String name = experiment.samples().get(place).name();
        try (Scope scope = Scope.beside(
                        floor, "samples:" + name, wirings.samplers().get(place));
                Sampling sampling = seating.samplers().get(place).prepare(scope)) {
            return use.of(sampling, scope);
        }
    }

    /**
     * A sampler that stays prepared.
     *
     * @param scope what it takes
     */
    record Open<T extends Sampling>(Scope scope, T sampling) implements AutoCloseable {
        @Override
        public void close() {
            Closing.all(List.of(sampling::close, scope::close));
        }
    }

    /**
     * Prepares the first sampler, for who asks it one thing after the other.
     *
     * @throws InputError when it is of another kind
     */
    <T extends Sampling> Open<T> open(Class<T> kind) {
        Scope scope = Scope.beside(
                floor,
                "samples:" + experiment.samples().getFirst().name(),
                wirings.samplers().getFirst());
        try {
            Sampling sampling = seating.samplers().getFirst().prepare(scope);
            if (!kind.isInstance(sampling)) {
                sampling.close();
                throw InputError.of(
                        seating.samplers().getFirst().occupant() + " answers no questions",
                        "choose a sampler that does, such as \"chat\"");
            }
            return new Open<>(scope, kind.cast(sampling));
        } catch (RuntimeException | Error e) {
            Closing.after(e, List.of(scope::close));
            throw e;
        }
    }

    /** Finds what would keep samplers from drawing, before a step is taken, and what memory they and judges take. */
    void check(Problems problems) {
        for (int i = 0; i < experiment.samples().size(); i++) {
            check(i, problems);
        }
        for (int i = 0; i < seating.metrics().size(); i++) {
            int place = i;
            judging = most(judging, problems.of(experiment.metrics().get(i).seat(), () -> taken(place)));
        }
    }

    private long taken(int place) {
        try (Scope scope = judge(place)) {
            return seating.metrics().get(place).bytes(scope);
        }
    }

    /** What a judge stands on. */
    private Scope judge(int place) {
        return Scope.beside(
                floor,
                "metrics:" + experiment.metrics().get(place).seat().id(),
                wirings.metrics().get(place));
    }

    /** The same of one. */
    void check(int place, Problems problems) {
        check(place, experiment.samples().get(place).count(), problems);
    }

    /** The same where nothing is drawn: it is talked to. */
    void checkTalk(int place, Problems problems) {
        check(place, 0, problems);
    }

    private void check(int place, int count, Problems problems) {
        drawing = most(
                drawing,
                problems.of(
                        experiment.samples().get(place).seat(),
                        () -> with(place, (sampling, _) -> sampling.bytes(count))));
    }

    /** @param taken null where there was a problem */
    private static long most(long before, Long taken) {
        return Math.max(before, taken == null ? 0 : taken);
    }

    /** What another found out about the same samplers over the same models. */
    void goOn(Drawing other) {
        drawing = other.drawing;
        judging = other.judging;
    }

    /** Memory that drawing and judging samples takes at most, one sampler or judge after the other. */
    public long bytes() {
        return Math.max(drawing, judging);
    }

    /** Samples of a step. What they are depends on the weights, the seed and the step alone. */
    public Draw draw(SamplePlan plan, long step, Reached told) {
        // Names came with the second sampler; a single one's random numbers stay what they were.
        boolean first = experiment.samples().indexOf(plan) == 0;
        return draw(plan, "sample/" + (first ? "" : plan.name() + "/") + step, told);
    }

    /** Samples from random numbers of their own. */
    public Draw draw(SamplePlan plan, String stream, Reached told) {
        int place = experiment.samples().indexOf(plan);
        return with(place, (sampling, scope) -> {
            long began = System.nanoTime();
            scope.work().take();
            List<Sample> drawn = sampling.draw(plan.count(), stream, told);
            return new Draw(
                    Provenance.of(experiment, plan, stream).in(drawn),
                    (long) sampling.examples() * drawn.size(),
                    scope.work().take(),
                    parameters(place),
                    (System.nanoTime() - began) / 1e9);
        });
    }

    /** Parameters of all models that a sampler draws from. */
    private long parameters(int place) {
        return wirings.samplers().get(place).models().values().stream()
                .map(ModelRef::model)
                .distinct()
                .flatMap(model -> floor.models().get(model).parameters().stream())
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
    }

    /** Samples that no criterion may let pass, by what was done to get them. */
    public Map<String, List<Sample>> controls(SamplePlan plan, List<Sample> samples, Reached told) {
        return with(experiment.samples().indexOf(plan), (sampling, _) -> sampling.controls(samples, told));
    }

    /**
     * Measures samples with every judge of theirs.
     *
     * @param samples by the names of their plans
     */
    public void judge(Map<String, List<Sample>> samples, Measurements out) {
        for (int i = 0; i < seating.metrics().size(); i++) {
            List<Sample> judged =
                    samples.get(experiment.judged(experiment.metrics().get(i)));
            if (judged != null) {
                judge(i, judged, out);
            }
        }
    }

    /** Models that the judge at a place looks with, and those that its samples are drawn with. */
    Set<String> modelsOf(int place) {
        Set<String> models = new TreeSet<>();
        String judged = experiment.judged(experiment.metrics().get(place));
        Stream<Wiring> samplers = wirings.samplers().stream()
                .filter(wiring -> experiment
                        .samples()
                        .get(wirings.samplers().indexOf(wiring))
                        .name()
                        .equals(judged));
        Stream.concat(samplers, Stream.of(wirings.metrics().get(place)))
                .forEach(wiring -> wiring.models().values().forEach(ref -> models.add(ref.model())));
        return models;
    }

    /** Measures samples with the judge at a place. */
    void judge(int place, List<Sample> samples, Measurements out) {
        Scope scope = judges.computeIfAbsent(place, this::judge);
        seating.metrics().get(place).measure(samples, scope, out);
        if (judging >= NOTICEABLE) {
            // What it held is garbage now, and the heap would rather grow than be searched: 110 MB a time.
            System.gc();
        }
    }

    @Override
    public void close() {
        List<Runnable> closing = new ArrayList<>();
        judges.values().forEach(scope -> closing.add(scope::close));
        judges.clear();
        Closing.all(closing);
    }
}
