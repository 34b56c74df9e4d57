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
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.Linear;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of a denoiser of points: a multilayer perceptron to whose every layer the time is added, and perhaps the class (Ho
 * et al., arXiv:2006.11239).
 *
 * <pre>
 * e   = what it is told of the step and the class
 * h   = in(noisy)
 * h   = h + block.out(silu(block.hidden(silu(h)) + block.time(e)))   for each block
 * out = out(silu(h))
 * </pre>
 *
 * <p>Its statistic {@code betas} is the noise schedule; a phase writes the one that it trains with, see {@link
 * NoiseSchedule#BETAS}.
 */
@Component
@Seat(kind = Seat.MODEL, id = "denoiser", summary = "an MLP that tells the noise in a point, for diffusion")
public final class Denoiser implements ModelFamily<DenoiserSettings> {
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
        Layers layers = new Layers(settings, data.get("coordinate"), settings.labels() ? data.classes() : 0);
        Map<String, Integer> limits = new HashMap<>(Map.of("coordinate", layers.coordinates()));
        if (settings.labels()) {
            limits.put("class", layers.classes());
        }
        return Model.of(
                settings.predicts().denoiser(Layout.POINTS, settings.labels()),
                new Dimensions(limits),
                layers.parameters(),
                List.of(NoiseSchedule.linear(settings.timesteps()).statistic()),
                layers::forward);
    }

    /** The layers by their sizes. */
    private record Layers(DenoiserSettings settings, int coordinates, int classes) {
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

        private Told told() {
            return new Told(width(), width(), classes);
        }

        List<Parameter> parameters() {
            List<Parameter> parameters = new ArrayList<>();
            told().parameters().forEach(parameters::add);
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
            Tensor time = told().apply(weights, inputs);
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
