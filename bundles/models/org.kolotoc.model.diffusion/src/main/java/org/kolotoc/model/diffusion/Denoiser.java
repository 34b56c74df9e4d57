package org.kolotoc.model.diffusion;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Seat;
import org.kolotoc.nn.Embedding;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.Linear;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.nn.diffusion.TimeEmbedding;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of a denoiser of points: a multilayer perceptron to whose every layer the time is added, and perhaps the class (Ho
 * et al., arXiv:2006.11239; classes and none of them: Ho and Salimans, arXiv:2207.12598).
 *
 * <pre>
 * e   = time.1(silu(time.0(embedding(t)))) + label row
 * h   = in(noisy)
 * h   = h + block.out(silu(block.hidden(silu(h)) + block.time(silu(e))))   for each block
 * out = out(silu(h))
 * </pre>
 *
 * <p>Its statistic {@code betas} is the noise schedule; a phase writes the one that it trains with, see {@link
 * NoiseSchedule#BETAS}.
 */
@Component
@Seat(kind = Seat.MODEL, id = "denoiser", summary = "an MLP that tells the noise in a point, for diffusion")
public final class Denoiser implements ModelFamily<DenoiserSettings> {
    /** Of published betas, which were given for 1000 steps. */
    private static final double PUBLISHED_STEPS = 1000;

    private static final double FIRST = 1e-4;
    private static final double LAST = 0.02;

    /** Betas of few steps are larger, and none takes all. */
    private static final double LARGEST = 0.999;

    @Override
    public Class<DenoiserSettings> settings() {
        return DenoiserSettings.class;
    }

    @Override
    public Model create(DenoiserSettings settings, Dimensions data) {
        if (settings.width() % 2 != 0) {
            throw InputError.field(
                    "width",
                    settings.width() + " is odd; expected an even number, as many sines as cosines of the time");
        }
        Layers layers = new Layers(settings, data.get("coordinate"), settings.labels() ? data.get("class") : 0);
        Map<String, Integer> limits = new HashMap<>(Map.of("coordinate", layers.coordinates()));
        if (settings.labels()) {
            limits.put("class", layers.classes());
        }
        return Model.of(
                settings.predicts().denoiser(Layout.POINTS, settings.labels()),
                new Dimensions(limits),
                layers.parameters(),
                List.of(untrained(settings.timesteps()).statistic()),
                layers::forward);
    }

    /** What a phase replaces; who samples a model that nobody trained has to have a schedule too. */
    private static NoiseSchedule untrained(int steps) {
        double scale = PUBLISHED_STEPS / steps;
        return NoiseSchedule.linear(steps, Math.min(LARGEST, FIRST * scale), Math.min(LARGEST, LAST * scale));
    }

    /** The layers by their sizes. */
    private record Layers(DenoiserSettings settings, int coordinates, int classes) {
        private static final Initializer LABEL = new Initializer.Normal(0.3);

        private int width() {
            return settings.width();
        }

        private Linear linear(int in, int out) {
            return new Linear(in, out, true, new Initializer.Normal(1 / Math.sqrt(in)));
        }

        /** Adds to what is there; in the beginning little. */
        private Linear residual() {
            return new Linear(
                    width(),
                    width(),
                    true,
                    new Initializer.Normal(0.5 / Math.sqrt((double) width() * settings.layers())));
        }

        private Linear square() {
            return linear(width(), width());
        }

        private Linear last() {
            return new Linear(width(), coordinates, true, new Initializer.Normal(0.1 / Math.sqrt(width())));
        }

        private Embedding labels() {
            return new Embedding(classes + 1, width(), LABEL);
        }

        List<Parameter> parameters() {
            List<Parameter> parameters = new ArrayList<>();
            square().in("time.0").forEach(parameters::add);
            square().in("time.1").forEach(parameters::add);
            if (settings.labels()) {
                labels().in("label").forEach(parameters::add);
            }
            linear(coordinates, width()).in("in").forEach(parameters::add);
            for (int i = 0; i < settings.layers(); i++) {
                square().in("block" + i + ".hidden").forEach(parameters::add);
                square().in("block" + i + ".time").forEach(parameters::add);
                residual().in("block" + i + ".out").forEach(parameters::add);
            }
            last().in("out").forEach(parameters::add);
            return parameters;
        }

        Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
            if (pass.training()) {
                pass.keep(NoiseSchedule.BETAS, weights.get(NoiseSchedule.BETAS));
            }
            Tensor time = new TimeEmbedding(width()).apply(inputs.get("time"));
            time = square().apply(weights.in("time.0"), time);
            time = square().apply(weights.in("time.1"), Functions.silu(time));
            if (settings.labels()) {
                time = time.add(labels().apply(weights.in("label"), inputs.get("label")));
            }
            time = Functions.silu(time);
            Tensor x = linear(coordinates, width()).apply(weights.in("in"), inputs.get("noisy"));
            for (int i = 0; i < settings.layers(); i++) {
                Weights block = weights.in("block" + i);
                Tensor hidden = square().apply(block.in("hidden"), Functions.silu(x));
                hidden = hidden.add(square().apply(block.in("time"), time));
                x = x.add(residual().apply(block.in("out"), Functions.silu(hidden)));
            }
            Tensor told = last().apply(weights.in("out"), Functions.silu(x));
            return Map.of(settings.predicts().port(), told);
        }
    }
}
