package org.kolotoc.sampler.gan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.image.Shown;
import org.kolotoc.nn.ExampleNoise;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * Makes samples, each of its own noise and nothing else. Its controls are the first point or picture over and over, and examples
 * that were trained on.
 */
final class Making implements Sampling {
    private final GeneratorSamplerSettings settings;
    private final ProgramContext context;
    private final int latent;
    private final int[] labels;
    private final Shown shown;
    private final BoundProgram program;

    private Making(
            GeneratorSamplerSettings settings,
            ProgramContext context,
            int latent,
            int[] labels,
            Shown shown,
            BoundProgram program) {
        this.settings = settings;
        this.context = context;
        this.latent = latent;
        this.labels = labels;
        this.shown = shown;
        this.program = program;
    }

    /** @throws InputError naming the setting, where it does not fit the model */
    static Making of(GeneratorSamplerSettings settings, ProgramContext context) {
        Model model = context.model(GeneratorSampler.MODEL);
        boolean labelled =
                model.signature().inputs().stream().anyMatch(port -> port.name().equals("label"));
        int classes = labelled ? extent(model, "class") : 0;
        if (settings.label() >= classes && settings.label() >= 0) {
            throw InputError.field(
                    "label",
                    settings.label()
                            + (labelled
                                    ? " is none of its " + classes + " classes; expected -1 to " + (classes - 1)
                                    : ", but the model is told no classes; expected -1"));
        }
        check(settings.examples(), settings.between());
        int[] labels = new int[settings.examples()];
        Arrays.setAll(labels, i -> labelled ? label(settings, i) % classes : 0);
        int latent = extent(model, "latent");
        Shown shown = new Shown(
                settings.samples().shape(settings.examples(), axis -> extent(model, axis)),
                !settings.between().isEmpty());
        BoundProgram program =
                context.prepare("make", program(model, labelled ? labels : new int[0], settings.examples(), latent));
        return new Making(settings, context, latent, labels, shown, program);
    }

    private static void check(int examples, List<Integer> between) {
        if (between.isEmpty()) {
            return;
        }
        if (between.size() != 2 || between.getFirst().equals(between.getLast())) {
            throw InputError.field("between", between + "; expected the numbers of two different examples, or none");
        }
        if (examples < 2) {
            throw InputError.field("examples", examples + " leads from one example to no other; expected at least 2");
        }
    }

    /** Of those between two examples that of the first. */
    private static int label(GeneratorSamplerSettings settings, int example) {
        int of = settings.between().isEmpty() ? example : settings.between().getFirst();
        return settings.label() >= 0 ? settings.label() : of;
    }

    private static int extent(Model model, String axis) {
        int extent = model.limits().getOr(axis, 0);
        if (extent == 0) {
            throw InputError.of(
                    "the model does not say how many of '" + axis + "' there are",
                    "choose a model that states it among its limits: \"generator\", \"dcgan-generator\"");
        }
        return extent;
    }

    private static Program program(Model model, int[] labels, int examples, int latent) {
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = new HashMap<>();
        inputs.put("noise", tracer.feed("noise", DType.F32, Shape.of(examples, latent)));
        if (labels.length > 0) {
            inputs.put("label", tracer.constant(labels, Shape.of(examples)));
        }
        tracer.output(
                "sample",
                model.forward(model.weights(tracer, GeneratorSampler.MODEL), inputs, Pass.inference())
                        .get("sample"));
        return tracer.program();
    }

    @Override
    public List<Sample> draw(int count, String stream, Reached told) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(shown.of(made(new CounterRandom(context.seed(), stream + "/" + i)), labels));
            told.reached(i + 1, count);
        }
        return samples;
    }

    @Override
    public long bytes(int count) {
        return program.explain().scratchBytes() + program.explain().feedBytes();
    }

    private float[] made(CounterRandom random) {
        float[] noise = new ExampleNoise(settings.examples(), latent, settings.between()).of(random);
        for (int i = 0; i < noise.length; i++) {
            noise[i] *= (float) settings.scale();
        }
        return made(noise);
    }

    /** @param noise {@code [examples, latent]} */
    float[] made(float[] noise) {
        program.buffer("noise").write(noise);
        program.run();
        float[] made = new float[program.buffer("sample").shape().size()];
        program.buffer("sample").read(made);
        return made;
    }

    @Override
    public int examples() {
        return settings.examples();
    }

    @Override
    public Map<String, List<Sample>> controls(List<Sample> samples) {
        return Map.of(
                "constant", samples.stream().map(shown::constant).toList(),
                "replayed", Collections.nCopies(samples.size(), shown.replayed(context.data())));
    }

    @Override
    public void close() {
        program.close();
    }
}
