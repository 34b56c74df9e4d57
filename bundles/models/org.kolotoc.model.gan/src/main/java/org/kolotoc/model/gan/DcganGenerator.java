package org.kolotoc.model.gan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Seat;
import org.kolotoc.nn.BatchNorm;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.Linear;
import org.kolotoc.tensor.Convolutions;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of DCGAN's generator of pictures (Radford et al., arXiv:1511.06434): noise becomes a small picture of many channels,
 * which transposed convolutions double.
 *
 * <pre>
 * x   = relu(norm0(linear(noise)))                 [batch, channels[0], height / 2^n, width / 2^n]
 * x   = relu(norm_i(up_i(x)))                      i = 1, ..., n - 1, twice as high and wide
 * out = tanh(up_n(x) + bias)                       from -1, black, to 1
 * </pre>
 */
@Component
@Seat(kind = Seat.MODEL, id = "dcgan-generator", summary = "transposed convolutions that make pictures of noise")
public final class DcganGenerator implements ModelFamily<DcganGeneratorSettings> {
    @Override
    public Class<DcganGeneratorSettings> settings() {
        return DcganGeneratorSettings.class;
    }

    @Override
    public Model create(DcganGeneratorSettings settings, Dimensions data) {
        Layers layers = new Layers(
                settings,
                Halvings.of(settings.channels(), data),
                Classes.of(settings.labels(), data, settings.latent()));
        return Model.of(
                Layout.PICTURES.generator(settings.labels()),
                layers.halvings().limits(Map.of("latent", settings.latent()), layers.classes()),
                layers.parameters(),
                layers.statistics(),
                (weights, inputs, pass) -> Map.of("sample", layers.sample(weights, inputs, pass)));
    }

    /** The layers by their sizes. */
    private record Layers(DcganGeneratorSettings settings, Halvings halvings, Classes classes) {
        private static final String BIAS = "bias";

        private int count() {
            return halvings.count();
        }

        private int channels(int layer) {
            return layer == count() ? halvings.channels() : settings.channels().get(layer);
        }

        private Linear first() {
            return new Linear(settings.latent() + classes.added(), channels(0) * halvings.area(), true, Halvings.FIRST);
        }

        private BatchNorm norm(int layer) {
            return new BatchNorm(channels(layer));
        }

        private static String norms(int layer) {
            return "norm" + layer;
        }

        private static String ups(int layer) {
            return "up" + layer;
        }

        List<Parameter> parameters() {
            List<Parameter> parameters = new ArrayList<>(classes.parameters().toList());
            first().in("linear").forEach(parameters::add);
            for (int i = 0; i < count(); i++) {
                norm(i).in(norms(i)).forEach(parameters::add);
                parameters.add(Parameter.of(
                                "weight",
                                Halvings.FIRST,
                                channels(i),
                                channels(i + 1),
                                Halvings.KERNEL,
                                Halvings.KERNEL)
                        .in(ups(i + 1)));
            }
            parameters.add(
                    Parameter.of(BIAS, Initializer.ZEROS, halvings.channels()).in(ups(count())));
            return parameters;
        }

        List<Parameter> statistics() {
            return IntStream.range(0, count())
                    .boxed()
                    .flatMap(i -> norm(i).statisticsIn(norms(i)))
                    .toList();
        }

        private Tensor normed(int layer, Weights weights, Tensor x, Pass pass) {
            Weights own = weights.in(norms(layer));
            Tensor normed = pass.training()
                    ? norm(layer).training(own, x, (name, next) -> pass.keep(norms(layer) + "." + name, next))
                    : norm(layer).evaluation(own, x);
            return Functions.relu(normed);
        }

        Tensor sample(Weights weights, Map<String, Tensor> inputs, Pass pass) {
            Tensor noise = classes.beside(weights, inputs.get("noise"), inputs.get("label"));
            Tensor x = first().apply(weights.in("linear"), noise)
                    .reshape(noise.shape().extent(0), channels(0), halvings.rows(), halvings.columns());
            for (int i = 0; i < count(); i++) {
                x = normed(i, weights, x, pass);
                x = Convolutions.transposed(x, weights.in(ups(i + 1)).get("weight"), Halvings.WINDOW);
            }
            return x.add(weights.in(ups(count())).get(BIAS).reshape(1, halvings.channels(), 1, 1))
                    .tanh();
        }
    }
}
