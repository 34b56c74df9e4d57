package org.kolotoc.model.gan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Seat;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.Linear;
import org.kolotoc.nn.MinibatchDeviation;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.osgi.service.component.annotations.Component;

/** The seat of a discriminator, or critic, of points: a multilayer perceptron with leaky ReLUs. */
@Component
@Seat(kind = Seat.MODEL, id = "discriminator", summary = "an MLP that tells points of data from made ones")
public final class Discriminator implements ModelFamily<DiscriminatorSettings> {
    @Override
    public Class<DiscriminatorSettings> settings() {
        return DiscriminatorSettings.class;
    }

    @Override
    public Model create(DiscriminatorSettings settings, Dimensions data) {
        Layers layers = new Layers(
                settings,
                data.get("coordinate"),
                Classes.of(settings.labels(), data, settings.width()),
                new Bounded(settings.spectral()));
        Map<String, Integer> limits = new HashMap<>(Map.of("coordinate", layers.coordinates()));
        if (settings.labels()) {
            limits.put("class", layers.classes().count());
        }
        if (settings.group() > 0) {
            limits.put("group", settings.group());
        }
        return Model.of(
                Layout.POINTS.discriminator(settings.labels()),
                new Dimensions(limits),
                layers.parameters(),
                layers.statistics(),
                (weights, inputs, pass) -> Map.of("logit", layers.logit(weights, inputs, pass)));
    }

    /** The layers by their sizes; the last gives one number. */
    private record Layers(DiscriminatorSettings settings, int coordinates, Classes classes, Bounded bounded) {
        private static final double SLOPE = 0.2;

        private int in(int layer) {
            int grouped = settings.group() > 0 && layer == settings.layers() ? 1 : 0;
            return layer == 0 ? coordinates : settings.width() + grouped;
        }

        private Linear layer(int layer) {
            int out = layer == settings.layers() ? 1 : settings.width();
            return new Linear(in(layer), out, true, new Initializer.Normal(Math.sqrt(2.0 / in(layer))));
        }

        private String name(int layer) {
            return layer == settings.layers() ? "out" : "layer" + layer;
        }

        List<Parameter> parameters() {
            List<Parameter> parameters = new ArrayList<>(classes.parameters().toList());
            for (int i = 0; i <= settings.layers(); i++) {
                layer(i).in(name(i)).forEach(parameters::add);
            }
            return parameters;
        }

        List<Parameter> statistics() {
            Stream<Parameter> layers = Stream.iterate(0, i -> i <= settings.layers(), i -> i + 1)
                    .flatMap(i -> bounded.statistics(name(i), in(i)));
            return Stream.concat(classes.statistics(bounded), layers).toList();
        }

        private Tensor apply(int layer, Weights weights, Tensor x, Pass pass) {
            return x.matmul(bounded.weight(weights, name(layer), pass))
                    .add(weights.in(name(layer)).get("bias"));
        }

        Tensor logit(Weights weights, Map<String, Tensor> inputs, Pass pass) {
            Tensor x = inputs.get("sample");
            int batch = x.shape().extent(0);
            for (int i = 0; i < settings.layers(); i++) {
                x = Functions.leakyRelu(apply(i, weights, x, pass), SLOPE);
            }
            Tensor seen = settings.group() > 0 ? new MinibatchDeviation(settings.group()).apply(x) : x;
            Tensor logit = apply(settings.layers(), weights, seen, pass).reshape(batch);
            return classes.projected(weights, logit, x, inputs.get("label"), bounded, pass);
        }
    }
}
