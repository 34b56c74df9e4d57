package org.kolotoc.sampler.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/** Schedules, posteriors and walks through pictures beside those of another implementation. */
class DiffusionGoldenTest {
    /** Of tables in double precision, as the file states it. */
    private static final double RELATIVE = 1e-6;

    private static final int SIZE = 64;

    private final GoldenFile golden = GoldenFile.of("diffusion");
    private final NoiseSchedule linear = NoiseSchedule.linear(1000, 1e-4, 0.02);

    private JsonObject part(String name) {
        return golden.json().getAsJsonObject(name);
    }

    private static void close(String what, double expected, double actual) {
        assertEquals(expected, actual, RELATIVE * Math.abs(expected), what);
    }

    private static void table(String what, JsonElement expected, IntToDoubleFunction actual) {
        double[] numbers = GoldenFile.numbers(expected);
        for (int t = 0; t < numbers.length; t++) {
            close(what + ", step " + t, numbers[t], actual.applyAsDouble(t));
        }
    }

    @TestFactory
    Stream<DynamicTest> schedules() {
        return part("schedules").keySet().stream()
                .filter(name -> name.matches("(linear|cosine)_\\d+"))
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    int steps = Integer.parseInt(name.substring(name.indexOf('_') + 1));
                    NoiseSchedule schedule = name.startsWith("linear")
                            ? NoiseSchedule.linear(steps, 1e-4, 0.02)
                            : NoiseSchedule.cosine(steps);
                    JsonObject tables = part("schedules").getAsJsonObject(name);
                    table("beta", tables.get("betas"), schedule::beta);
                    table("signal", tables.get("alpha_bar"), schedule::signal);
                }));
    }

    @Test
    void posteriors() {
        double[] sample = GoldenFile.numbers(part("training").get("x0"));
        double[] noisy = GoldenFile.numbers(part("training").get("x_t"));
        for (JsonElement each : part("posterior").getAsJsonArray("cases")) {
            JsonObject expected = each.getAsJsonObject();
            int step = expected.get("t").getAsInt();
            NoiseSchedule.Posterior posterior = linear.posterior(step);
            close("variance " + step, expected.get("variance").getAsDouble(), posterior.variance());
            float[] means = new float[sample.length];
            for (int i = 0; i < means.length; i++) {
                means[i] = (float) (posterior.sample() * sample[i] + posterior.noisy() * noisy[i]);
            }
            golden.assertClose("mean " + step, expected.get("mean"), means);
        }
    }

    /** Noisy pictures, what has to be told of them, what the U-Net tells, its loss and all gradients of that. */
    @Test
    void training() {
        JsonObject expected = part("training");
        int[] times = GoldenFile.integers(expected.get("t"));
        float[] rootSignal = new float[times.length];
        float[] rootNoise = new float[times.length];
        for (int i = 0; i < times.length; i++) {
            rootSignal[i] = (float) Math.sqrt(linear.signal(times[i]));
            rootNoise[i] = (float) Math.sqrt(1 - linear.signal(times[i]));
        }
        Tracer tracer = new Tracer();
        Shape shape = GoldenFile.shape(expected.get("x0"));
        Tensor signal = tracer.constant(rootSignal, Layout.PICTURES.column(times.length));
        Tensor rest = tracer.constant(rootNoise, Layout.PICTURES.column(times.length));
        Tensor sample = tracer.constant(GoldenFile.floats(expected.get("x0")), shape);
        Tensor noise = tracer.constant(GoldenFile.floats(expected.get("noise")), shape);
        Tensor noisy = sample.mul(signal).add(noise.mul(rest));
        Model model = GoldenUNet.of(golden, linear);
        Map<String, Tensor> inputs = Map.of(
                "noisy", noisy,
                "time", tracer.constant(times, Shape.of(times.length)).cast(DType.F32),
                "label", tracer.constant(GoldenFile.integers(expected.get("label")), Shape.of(times.length)));
        tracer.output("x_t", noisy);
        tracer.output("v_target", Prediction.VELOCITY.target(sample, noise, signal, rest));
        Weights weights = model.weights(tracer, "model");
        Tensor told = model.forward(weights, inputs, Pass.inference()).get("noise");
        Tensor off = told.sub(noise);
        Tensor loss = Functions.mean(off.mul(off));
        tracer.output("output", told);
        tracer.output("loss", loss);
        List<Tensor> leaves = new ArrayList<>(weights.all(model.parameters()));
        leaves.add(noisy);
        List<Tensor> gradients = Gradients.of(loss, leaves);
        for (int i = 0; i < gradients.size(); i++) {
            tracer.output("gradient/" + i, gradients.get(i));
        }
        try (Bench bench = Bench.of(model, null, 1);
                BoundProgram program = bench.prepare("training", tracer.program())) {
            program.run();
            for (String name : List.of("x_t", "v_target", "output")) {
                float[] values = new float[shape.size()];
                program.buffer(name).read(values);
                golden.assertClose(name, expected.get(name), values);
            }
            golden.assertClose("loss", expected.get("loss"), program.scalar("loss"));
            JsonObject there = expected.getAsJsonObject("gradients");
            assertEquals(there.size(), gradients.size());
            for (int i = 0; i < gradients.size(); i++) {
                float[] values = new float[gradients.get(i).shape().size()];
                program.buffer("gradient/" + i).read(values);
                boolean parameter = i < model.parameters().size();
                String name = parameter ? GoldenUNet.name(model.parameters().get(i)) : "x_t";
                float[] recorded = GoldenFile.floats(there.get(name));
                float[] wanted = parameter ? GoldenUNet.ours(model.parameters().get(i), recorded) : recorded;
                golden.assertClose("gradient of " + name, json(wanted), values);
            }
        }
    }

    private static JsonArray json(float... numbers) {
        JsonArray json = new JsonArray();
        for (float number : numbers) {
            json.add(number);
        }
        return json;
    }

    /**
     * Places after each step, of both pictures one after the other.
     *
     * @param labels the class of each; one more than the last for none
     */
    private List<float[]> walked(Solver solver, int count, int[] labels, double guidance) {
        Model model = GoldenUNet.of(golden, linear);
        float[] begin = GoldenFile.floats(part("ddim").get("x_T"));
        JsonArray noise = part("ddim").getAsJsonArray("noise");
        List<float[]> places = new ArrayList<>();
        IntStream.range(0, count).forEach(_ -> places.add(new float[labels.length * SIZE]));
        for (int row = 0; row < labels.length; row++) {
            boolean none = labels[row] == 3;
            Wanted wanted = new Wanted(1, Layout.PICTURES, none ? -1 : labels[row], none ? 0 : guidance, 0, List.of());
            int from = row * SIZE;
            Asked asked = Asked.of(wanted, solver, model);
            try (Bench bench = Bench.of(model, null, 1);
                    Walk walk = Walk.of(asked, bench, (tracer, shape) -> tracer.feed("noise", DType.F32, shape))) {
                walk.begin(Arrays.copyOfRange(begin, from, from + SIZE));
                // Ancestral sampling of the file takes the last ten steps alone.
                List<Transition> all = solver.transitions(linear);
                List<Transition> transitions = all.subList(all.size() - count, all.size());
                for (int i = 0; i < count; i++) {
                    walk.feed("noise").write(Arrays.copyOfRange(GoldenFile.floats(noise.get(i)), from, from + SIZE));
                    walk.step(
                            transitions.get(i), linear.signal(transitions.get(i).time()));
                    System.arraycopy(walk.place(), 0, places.get(i), from, SIZE);
                }
            }
        }
        return places;
    }

    private void compare(JsonArray expected, List<float[]> places) {
        for (int i = 0; i < expected.size(); i++) {
            golden.assertClose("after step " + i, expected.get(i), places.get(i));
        }
    }

    @TestFactory
    Stream<DynamicTest> walks() {
        int[] labels = GoldenFile.integers(part("ddim").get("label"));
        assertEquals(
                Arrays.toString(GoldenFile.integers(part("ddim").get("timesteps"))),
                Arrays.toString(Solver.times(1000, 10)));
        return Stream.of(
                DynamicTest.dynamicTest(
                        "ddim, eta 0",
                        () -> compare(
                                part("ddim").getAsJsonArray("eta_0"),
                                walked(new Solver.Implicit(10, 0), 10, labels, 1))),
                DynamicTest.dynamicTest(
                        "ddim, eta 1",
                        () -> compare(
                                part("ddim").getAsJsonArray("eta_1"),
                                walked(new Solver.Implicit(10, 1), 10, labels, 1))),
                DynamicTest.dynamicTest(
                        "ddpm",
                        () -> compare(
                                part("ddpm").getAsJsonArray("trajectory"),
                                walked(new Solver.Ancestral(), 10, labels, 1))),
                DynamicTest.dynamicTest(
                        "ddim, guided",
                        () -> compare(
                                part("guidance").getAsJsonArray("ddim_eta_0"),
                                walked(
                                        new Solver.Implicit(10, 0),
                                        10,
                                        GoldenFile.integers(part("guidance").get("labels")),
                                        part("guidance").get("scale").getAsDouble()))));
    }
}
