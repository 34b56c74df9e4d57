package org.kolotoc.model.gan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.Linear;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of a generator of points: a multilayer perceptron with ReLUs (Goodfellow et al., arXiv:1406.2661), which perhaps
 * reads a row for the class beside the noise.
 */
@Component
@Seat(kind = Seat.MODEL, id = "generator", summary = "an MLP that makes points of noise")
public final class Generator implements ModelFamily<GeneratorSettings> {
    private static final String OUT = "out";

    @Override
    public Class<GeneratorSettings> settings() {
        return GeneratorSettings.class;
    }

    @Override
    public Model create(GeneratorSettings settings, Dimensions data) {
        int coordinates = data.get("coordinate");
        Classes classes = Classes.of(settings.labels(), data, settings.latent());
        Map<String, Integer> limits = new HashMap<>(Map.of("latent", settings.latent(), "coordinate", coordinates));
        if (settings.labels()) {
            limits.put("class", classes.count());
        }
        List<Linear> hidden = hidden(settings, classes);
        Linear last = new Linear(
                settings.width(), coordinates, true, new Initializer.Normal(1 / Math.sqrt(settings.width())));
        return Model.of(
                Layout.POINTS.generator(settings.labels()),
                new Dimensions(limits),
                parameters(hidden, last, classes),
                (weights, inputs, _) -> Map.of("sample", sample(weights, inputs, hidden, last, classes)));
    }

    private static List<Linear> hidden(GeneratorSettings settings, Classes classes) {
        List<Linear> layers = new ArrayList<>();
        int in = settings.latent() + classes.added();
        for (int i = 0; i < settings.layers(); i++) {
            // So that the variance stays behind a ReLU (He et al., arXiv:1502.01852).
            layers.add(new Linear(in, settings.width(), true, new Initializer.Normal(Math.sqrt(2.0 / in))));
            in = settings.width();
        }
        return layers;
    }

    private static String name(int layer) {
        return "layer" + layer;
    }

    private static List<Parameter> parameters(List<Linear> hidden, Linear last, Classes classes) {
        List<Parameter> parameters = new ArrayList<>(classes.parameters().toList());
        for (int i = 0; i < hidden.size(); i++) {
            hidden.get(i).in(name(i)).forEach(parameters::add);
        }
        last.in(OUT).forEach(parameters::add);
        return parameters;
    }

    private static Tensor sample(
            Weights weights, Map<String, Tensor> inputs, List<Linear> hidden, Linear last, Classes classes) {
        Tensor x = classes.beside(weights, inputs.get("noise"), inputs.get("label"));
        for (int i = 0; i < hidden.size(); i++) {
            x = Functions.relu(hidden.get(i).apply(weights.in(name(i)), x));
        }
        return last.apply(weights.in(OUT), x);
    }
}
