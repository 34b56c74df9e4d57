package org.kolotoc.eval.points;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.nn.AdamW;
import org.kolotoc.nn.Linear;
import org.kolotoc.nn.Schedule;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/** A small multilayer perceptron that learns from four fifths of as many points of two kinds, and is tried on the rest. */
final class Detector {
    private static final String WEIGHTS = "weights";
    private static final String MEMORY = "memory";
    private static final AdamW ADAM = new AdamW(0.9, 0.999, 1e-8, 0);
    private static final double RATE = 0.005;
    private static final double SLOPE = 0.2;

    /** Of all points, those that it learns from. */
    private static final double LEARNED = 0.8;

    private final List<Linear> layers;
    private final List<Parameter> parameters;

    private Detector(int width) {
        this.layers = List.of(layer(2, width), layer(width, width), layer(width, 1));
        List<Parameter> all = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).in("layer" + i).forEach(all::add);
        }
        this.parameters = List.copyOf(all);
    }

    private static Linear layer(int in, int out) {
        return new Linear(in, out, true, new Initializer.Normal(Math.sqrt(2.0 / in)));
    }

    /**
     * How many points of both kinds are told right, as many of each: of the longer one the first.
     *
     * @param made {@code [count, 2]}
     * @param real {@code [count, 2]}
     */
    static double accuracy(DetectorSettings settings, float[] made, float[] real, ProgramContext context) {
        int length = Math.min(made.length, real.length);
        float[] first = Arrays.copyOf(real, length);
        return new Detector(settings.width())
                .tried(settings, scaled(Arrays.copyOf(made, length), first), scaled(first, first), context);
    }

    /** By the largest coordinate of data, so that first weights fit; what is no number is far away. */
    private static float[] scaled(float[] points, float[] real) {
        float far = 1e-6f;
        for (float coordinate : real) {
            far = Math.max(far, Math.abs(coordinate));
        }
        float[] scaled = points.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = Float.isNaN(scaled[i]) ? 10 : Math.clamp(scaled[i] / far, -10f, 10f);
        }
        return scaled;
    }

    private double tried(DetectorSettings settings, float[] made, float[] real, ProgramContext context) {
        context.state().declareScratch(WEIGHTS, parameters);
        context.state().declareScratch(MEMORY, ADAM.state(parameters));
        try (BoundProgram learn = context.prepare("learn", learn(2 * settings.batch()))) {
            begin(context);
            int learned = (int) (LEARNED * made.length / 2);
            Schedule rates = new Schedule.Cosine(RATE, 0, 0, settings.steps());
            float[] points = new float[4 * settings.batch()];
            CounterRandom random = new CounterRandom(1, "detector/order");
            for (int step = 0; step < settings.steps(); step++) {
                for (int i = 0; i < 2 * settings.batch(); i++) {
                    int from = random.integer(2L * step * settings.batch() + i, Math.max(1, learned));
                    System.arraycopy(i < settings.batch() ? real : made, 2 * from, points, 2 * i, 2);
                }
                learn.buffer("points").write(points);
                learn.feed("step", step + 1);
                learn.feed("rate", rates.at(step));
                learn.run();
            }
            float[] seen = rest(real, learned);
            float[] foreign = rest(made, learned);
            int right = above(seen, context) + foreign.length / 2 - above(foreign, context);
            return (double) right / seen.length;
        } finally {
            context.state().releaseScratch(WEIGHTS);
            context.state().releaseScratch(MEMORY);
        }
    }

    private static float[] rest(float[] points, int learned) {
        return Arrays.copyOfRange(points, Math.min(2 * learned, points.length - 2), points.length);
    }

    /** First weights, always the same; what was there is of another detector. */
    private void begin(ProgramContext context) {
        for (Parameter parameter : parameters) {
            float[] values = new float[parameter.shape().size()];
            parameter.initializer().fill(values, 1, parameter.name());
            context.state().buffer(WEIGHTS + "/" + parameter.name()).write(values);
        }
        for (Parameter moment : ADAM.state(parameters)) {
            context.state()
                    .buffer(MEMORY + "/" + moment.name())
                    .write(new float[moment.shape().size()]);
        }
    }

    /** The first half of the points are real. */
    private Program learn(int rows) {
        Tracer tracer = new Tracer();
        Weights weights = Weights.states(tracer, WEIGHTS, parameters);
        Tensor logit = logit(weights, tracer.feed("points", DType.F32, Shape.of(rows, 2)));
        Tensor real = logit.slice(0, 0, rows / 2);
        Tensor made = logit.slice(0, rows / 2, rows);
        Tensor loss = Functions.mean(Functions.softplus(real.neg()).add(Functions.softplus(made)));
        Tensor step = tracer.feed("step", DType.F32, Shape.scalar());
        Tensor rate = tracer.feed("rate", DType.F32, Shape.scalar());
        ADAM.minimize(loss, parameters, weights, MEMORY, rate, step);
        return tracer.program();
    }

    /** How many points are held to be real. */
    private int above(float[] points, ProgramContext context) {
        Tracer tracer = new Tracer();
        Weights weights = Weights.states(tracer, WEIGHTS, parameters);
        tracer.output("logit", logit(weights, tracer.feed("points", DType.F32, Shape.of(points.length / 2, 2))));
        float[] logits = new float[points.length / 2];
        try (BoundProgram judge = context.prepare("judge", tracer.program())) {
            judge.buffer("points").write(points);
            judge.run();
            judge.buffer("logit").read(logits);
        }
        int above = 0;
        for (float logit : logits) {
            above += logit > 0 ? 1 : 0;
        }
        return above;
    }

    /** {@code [batch, 2]} to {@code [batch]}. */
    private Tensor logit(Weights weights, Tensor points) {
        Tensor x = points;
        for (int i = 0; i < layers.size(); i++) {
            x = layers.get(i).apply(weights.in("layer" + i), i == 0 ? x : Functions.leakyRelu(x, SLOPE));
        }
        return x.reshape(points.shape().extent(0));
    }
}
