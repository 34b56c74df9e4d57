package org.kolotoc.phase.adversarial;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Examples;
import org.kolotoc.api.Model;
import org.kolotoc.model.gan.DcganDiscriminator;
import org.kolotoc.model.gan.DcganDiscriminatorSettings;
import org.kolotoc.model.gan.DcganGenerator;
import org.kolotoc.model.gan.DcganGeneratorSettings;
import org.kolotoc.nn.Layout;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** A game of the sizes that the file has, with its weights; what is drawn is fed. */
final class GoldenGame implements AutoCloseable {
    private static final String OWNER = "bench";

    /** Weights that are {@code [out, in]} in the file. */
    private static final String TURNED = "g.linear.weight";

    private final GoldenFile golden;
    private final double rate;
    private final int latent;
    private final Bench bench;
    private final BoundProgram discriminator;
    private final BoundProgram generator;
    private int step;

    private GoldenGame(
            GoldenFile golden,
            double rate,
            int latent,
            Bench bench,
            BoundProgram discriminator,
            BoundProgram generator) {
        this.golden = golden;
        this.rate = rate;
        this.latent = latent;
        this.bench = bench;
        this.discriminator = discriminator;
        this.generator = generator;
    }

    /** @param loss as the file calls it; {@code r1} is the first with a penalty on slopes */
    static GoldenGame of(GoldenFile golden, String loss, Optimizer optimizer, double rate, Backend backend) {
        JsonObject sizes = golden.json().getAsJsonObject("settings");
        int latent = sizes.get("latent").getAsInt();
        Shape shape = GoldenFile.shape(golden.json().get("real"));
        Dimensions dimensions =
                new Dimensions(Map.of("channel", shape.extent(1), "height", shape.extent(2), "width", shape.extent(3)));
        Dataset data = new Examples(
                dimensions,
                Map.of(
                        "train",
                        new Examples.Part(1).with(Layout.PICTURES.field(), new float[shape.size() / shape.extent(0)])));
        Model makes = new DcganGenerator()
                .create(new DcganGeneratorSettings(latent, channels(sizes, "channels_g"), false), dimensions);
        Model sees = new DcganDiscriminator()
                .create(new DcganDiscriminatorSettings(channels(sizes, "channels_d"), false, 0, false), dimensions);
        Bench bench = new Bench(backend, Map.of("generator", makes, "discriminator", sees), data, 1);
        Side made = Side.of("generator", optimizer, bench, 0);
        Side seen = Side.of("discriminator", optimizer, bench, 0);
        bench.state().declare(OWNER, made.descent().state());
        bench.state().declare(OWNER, seen.descent().state());
        GoldenFile.safetensors("dcgan", "model.safetensors")
                .forEach((name, values) -> bench.state()
                        .buffer(own(name))
                        .write(name.equals(TURNED) ? turned(values, values.length / latent) : values));
        Programs programs =
                new Programs(Game.of(settings(sizes, loss, shape.extent(0)), made, seen, data), bench, Fed::new);
        return new GoldenGame(
                golden,
                rate,
                latent,
                bench,
                bench.prepare("discriminator", programs.discriminator(loss.equals("r1"))),
                bench.prepare("generator", programs.generator()));
    }

    private static AdversarialSettings settings(JsonObject sizes, String loss, int batch) {
        boolean r1 = loss.equals("r1");
        return new AdversarialSettings(
                batch,
                Layout.PICTURES,
                r1 ? Loss.NON_SATURATING : Loss.valueOf(loss.toUpperCase(Locale.ROOT)),
                sizes.get("lam").getAsDouble(),
                r1 ? sizes.get("gamma").getAsDouble() : 0,
                1,
                1,
                1,
                0,
                0,
                0,
                1,
                0,
                0,
                List.of());
    }

    private static List<Integer> channels(JsonObject sizes, String name) {
        return sizes.getAsJsonArray(name).asList().stream()
                .map(JsonElement::getAsInt)
                .toList();
    }

    /** Feeds of a program in the place of what it draws. */
    private record Fed(Tensor key) implements Chance {
        @Override
        public Tensor noise(Shape shape) {
            return key.tracer().feed("noise", DType.F32, shape);
        }

        @Override
        public Tensor between(Shape shape) {
            return key.tracer().feed("epsilon", DType.F32, shape);
        }
    }

    private static String own(String name) {
        return (name.startsWith("g.") ? "generator/" : "discriminator/") + name.substring(2);
    }

    /** {@code [rows, columns]} to {@code [columns, rows]}. */
    private static float[] turned(float[] values, int rows) {
        int columns = values.length / rows;
        float[] turned = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            turned[i % columns * rows + i / columns] = values[i];
        }
        return turned;
    }

    /**
     * An update of the discriminator, whose loss is compared.
     *
     * @param epsilon where between samples it is looked; not by every loss
     */
    void discriminator(String what, JsonElement loss, JsonElement real, JsonElement noise, JsonElement epsilon) {
        step++;
        discriminator.buffer("sample").write(GoldenFile.floats(real));
        if (drawsBetween()) {
            discriminator.buffer("epsilon").write(GoldenFile.floats(epsilon));
        }
        update(discriminator, what + ", discriminator", loss, noise);
    }

    private boolean drawsBetween() {
        try {
            return discriminator.buffer("epsilon") != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** An update of the generator, whose loss is compared. */
    void generator(String what, JsonElement loss, JsonElement noise) {
        update(generator, what + ", generator", loss, noise);
    }

    private void update(BoundProgram program, String what, JsonElement loss, JsonElement noise) {
        program.buffer("noise").write(GoldenFile.floats(noise));
        program.feed("learning-rate", rate);
        program.feed("step", step);
        program.run();
        golden.assertClose(what, loss, program.scalar("loss"));
    }

    /** @param memory before the names of weights, of what an optimiser remembers: {@code gradient}; empty for the weights */
    void compare(String memory, JsonObject expected) {
        expected.asMap().forEach((name, values) -> {
            String tensor = memory.isEmpty()
                    ? own(name)
                    : OWNER + "/" + memory + "." + own(name).replace('/', '.');
            float[] read = new float[bench.state().buffer(tensor).shape().size()];
            bench.state().buffer(tensor).read(read);
            golden.assertClose(memory + " " + name, values, name.equals(TURNED) ? turned(read, latent) : read);
        });
    }

    @Override
    public void close() {
        discriminator.close();
        generator.close();
        bench.close();
    }
}
