package org.kolotoc.sampler.diffusion;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.image.Shown;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tensor.CounterRandom;

/**
 * Draws by walking. Its controls are the first point or picture over and over, examples that were trained on, and what the same
 * denoiser gives when it is asked at the steps of its schedule in a wrong order.
 */
final class Drawing implements Sampling {
    private static final Reached NOBODY = (_, _) -> {};

    private final Asked asked;
    private final Solver solver;
    private final Shown shown;
    private final Walk walk;
    private final ProgramContext context;

    private Drawing(Asked asked, Solver solver, Shown shown, Walk walk, ProgramContext context) {
        this.asked = asked;
        this.solver = solver;
        this.shown = shown;
        this.walk = walk;
        this.context = context;
    }

    static Needs needs(Layout layout) {
        return Needs.of(Prediction.anyDenoiser(layout), layout.field() + "; i32 label[batch]?");
    }

    static Drawing of(Wanted wanted, Solver solver, ProgramContext context) {
        Asked asked = Asked.of(wanted, solver, context.model(Asked.MODEL));
        Shown shown = new Shown(asked.shape(), !wanted.between().isEmpty());
        return new Drawing(asked, solver, shown, Walk.of(asked, context), context);
    }

    @Override
    public List<Sample> draw(int count, String stream, Reached told) {
        NoiseSchedule schedule = walk.schedule();
        return drawn(count, stream, schedule, solver.transitions(schedule), told);
    }

    private List<Sample> drawn(
            int count, String stream, NoiseSchedule schedule, List<Transition> transitions, Reached told) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long before = i;
            float[] place = walk.walk(
                    schedule,
                    transitions,
                    new CounterRandom(context.seed(), stream + "/" + i),
                    (done, all) -> told.reached(before * all + done, count * all));
            samples.add(shown.of(place, asked.labels()));
        }
        return samples;
    }

    @Override
    public long bytes(int count) {
        return walk.bytes();
    }

    @Override
    public int examples() {
        return asked.shape().extent(0);
    }

    @Override
    public Map<String, List<Sample>> controls(List<Sample> samples) {
        return controls(samples, NOBODY);
    }

    @Override
    public Map<String, List<Sample>> controls(List<Sample> samples, Reached told) {
        int count = samples.size();
        NoiseSchedule schedule = walk.schedule();
        List<Transition> shuffled = shuffled(solver.transitions(schedule), context.seed());
        return Map.of(
                "constant",
                samples.stream().map(shown::constant).toList(),
                "replayed",
                Collections.nCopies(count, shown.replayed(context.data())),
                // One tells as much as many, each of which takes as long as a sample does.
                "shuffled",
                drawn(Math.min(1, count), "control/shuffled", schedule, shuffled, told).stream()
                        .flatMap(one -> Collections.nCopies(count, one).stream())
                        .toList());
    }

    /** In an order that is as wrong as a random one (Fisher and Yates). */
    static List<Transition> shuffled(List<Transition> transitions, long seed) {
        CounterRandom random = new CounterRandom(seed, "control/steps");
        List<Transition> shuffled = new ArrayList<>(transitions);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            Collections.swap(shuffled, i, random.integer(i, i + 1));
        }
        return shuffled;
    }

    @Override
    public void close() {
        walk.close();
    }
}
