package org.kolotoc.sampler.diffusion;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Pass;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.api.TrainState;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * Walks from noise to samples. All it has is a denoiser and random numbers, no data. One program takes a step of any {@link
 * Solver}: all are sums of what is there, of samples that are foreseen, and of noise, with factors that are fed.
 */
final class Walk implements AutoCloseable {
    private static final String OWNER = "walk";

    /** What the program is fed for each step, in this order. */
    private enum Factor {
        TIME,
        RECOVERED_OF_NOISY,
        RECOVERED_OF_TOLD,
        NOISY,
        SAMPLE,
        PREVIOUS,
        NOISE
    }

    private final Asked asked;
    private final TrainState state;
    private final BoundProgram step;
    private final float[] factors = new float[Factor.values().length];

    private Walk(Asked asked, TrainState state, BoundProgram step) {
        this.asked = asked;
        this.state = state;
        this.step = step;
    }

    /** With noise from a random number generator of the program. */
    static Walk of(Asked asked, ProgramContext context) {
        return of(asked, context, (tracer, shape) -> tracer.normal(tracer.feed("key", DType.I32, Shape.of(2)), shape));
    }

    /** @param fresh noise of a shape, for each step */
    static Walk of(Asked asked, ProgramContext context, BiFunction<Tracer, Shape, Tensor> fresh) {
        context.state()
                .declareScratch(
                        OWNER,
                        List.of(
                                new Parameter("noisy", DType.F32, asked.shape(), Initializer.ZEROS),
                                new Parameter("previous", DType.F32, asked.shape(), Initializer.ZEROS)));
        return new Walk(asked, context.state(), context.prepare("step", program(asked, fresh)));
    }

    private static Program program(Asked asked, BiFunction<Tracer, Shape, Tensor> fresh) {
        Tracer tracer = new Tracer();
        Tensor noisy = tracer.state(OWNER + "/noisy", DType.F32, asked.shape());
        Tensor previous = tracer.state(OWNER + "/previous", DType.F32, asked.shape());
        Tensor factors = tracer.feed("factors", DType.F32, Shape.of(Factor.values().length));
        Tensor sample = noisy.mul(factor(factors, Factor.RECOVERED_OF_NOISY))
                .add(told(asked, tracer, noisy, factors).mul(factor(factors, Factor.RECOVERED_OF_TOLD)));
        double clip = asked.wanted().clip();
        if (clip > 0) {
            sample = sample.minimum(clip).maximum(-clip);
        }
        Tensor next = noisy.mul(factor(factors, Factor.NOISY))
                .add(sample.mul(factor(factors, Factor.SAMPLE)))
                .add(previous.mul(factor(factors, Factor.PREVIOUS)))
                .add(fresh.apply(tracer, asked.shape()).mul(factor(factors, Factor.NOISE)));
        tracer.update(noisy, next);
        tracer.update(previous, sample);
        return tracer.program();
    }

    private static Tensor factor(Tensor factors, Factor factor) {
        return factors.slice(0, factor.ordinal(), factor.ordinal() + 1).reshape(Shape.scalar());
    }

    /** What the denoiser tells; guided as by Ho and Salimans (arXiv:2207.12598): {@code none + guidance (class - none)}. */
    private static Tensor told(Asked asked, Tracer tracer, Tensor noisy, Tensor factors) {
        int rows = asked.examples();
        Weights weights = asked.model().weights(tracer, Asked.MODEL);
        boolean guided = asked.guided();
        Tensor time = factor(factors, Factor.TIME).broadcast(Shape.of(guided ? 2 * rows : rows));
        Map<String, Tensor> inputs = new HashMap<>(Map.of("time", time));
        inputs.put("noisy", guided ? Tensor.concat(0, List.of(noisy, noisy)) : noisy);
        if (asked.labelled()) {
            Tensor none = tracer.constant(asked.none(), DType.I32, Shape.of(rows));
            if (asked.wanted().guidance() == 0) {
                inputs.put("label", none);
            } else {
                Tensor labels = tracer.constant(asked.labels(), Shape.of(rows));
                inputs.put("label", guided ? Tensor.concat(0, List.of(labels, none)) : labels);
            }
        }
        Tensor told = asked.model()
                .forward(weights, inputs, Pass.inference())
                .get(asked.prediction().port());
        if (!guided) {
            return told;
        }
        Tensor aware = told.slice(0, 0, rows);
        Tensor unaware = told.slice(0, rows, 2 * rows);
        return unaware.add(aware.sub(unaware).mul(asked.wanted().guidance()));
    }

    /** What it takes beside the weights: its program, and where it is. */
    long bytes() {
        return step.explain().scratchBytes()
                + step.explain().feedBytes()
                + 2L * asked.shape().bytes();
    }

    /** The schedule that the denoiser was trained with. */
    NoiseSchedule schedule() {
        float[] betas = new float[asked.steps()];
        state.buffer(Asked.MODEL + "/" + NoiseSchedule.BETAS).read(betas);
        return NoiseSchedule.of(betas);
    }

    /** Begins with noise, {@code [examples, ...]}. */
    void begin(float[] noise) {
        state.buffer(OWNER + "/noisy").write(noise);
        // Nothing was foreseen yet; what is there may be no number.
        state.buffer(OWNER + "/previous").write(new float[noise.length]);
    }

    /** Takes a step. */
    void step(Transition transition, double signal) {
        Prediction.Recovery recovery = asked.prediction().recovery(signal);
        set(Factor.TIME, transition.time());
        set(Factor.RECOVERED_OF_NOISY, recovery.noisy());
        set(Factor.RECOVERED_OF_TOLD, recovery.told());
        set(Factor.NOISY, transition.noisy());
        set(Factor.SAMPLE, transition.sample());
        set(Factor.PREVIOUS, transition.previous());
        set(Factor.NOISE, transition.noise());
        step.buffer("factors").write(factors);
        step.run();
    }

    private void set(Factor factor, double value) {
        factors[factor.ordinal()] = (float) value;
    }

    /** What is there, {@code [examples, ...]}. */
    float[] place() {
        float[] place = new float[asked.shape().size()];
        state.buffer(OWNER + "/noisy").read(place);
        return place;
    }

    /** A feed of the step, for noise that is fed. */
    Buffer feed(String name) {
        return step.buffer(name);
    }

    /**
     * A whole walk.
     *
     * @param random decides where it begins and what fresh noise it meets
     * @param reached hears how many steps were taken
     */
    float[] walk(NoiseSchedule schedule, List<Transition> transitions, CounterRandom random, Reached reached) {
        begin(asked.noise(random));
        int key = random.integer(asked.shape().size(), Integer.MAX_VALUE);
        for (int i = 0; i < transitions.size(); i++) {
            step.feed("key", key, i);
            step(transitions.get(i), schedule.signal(transitions.get(i).time()));
            reached.reached(i + 1, transitions.size());
        }
        return place();
    }

    @Override
    public void close() {
        step.close();
        state.releaseScratch(OWNER);
    }
}
