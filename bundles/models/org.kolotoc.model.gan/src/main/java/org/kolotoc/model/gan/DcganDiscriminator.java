package org.kolotoc.model.gan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Seat;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.MinibatchDeviation;
import org.kolotoc.tensor.Convolutions;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of DCGAN's discriminator of pictures (Radford et al., arXiv:1511.06434), without its norms, which penalties on
 * gradients of one sample exclude (Gulrajani et al., arXiv:1704.00028, section 4).
 *
 * <pre>
 * x     = leaky_relu(down_i(x) + bias)    i = 1, ..., n, half as high and wide
 * logit = linear(x)                       without a bias
 * </pre>
 */
@Component
@Seat(kind = Seat.MODEL, id = "dcgan-discriminator", summary = "convolutions that tell pictures of data from made ones")
public final class DcganDiscriminator implements ModelFamily<DcganDiscriminatorSettings> {
    @Override
    public Class<DcganDiscriminatorSettings> settings() {
        return DcganDiscriminatorSettings.class;
    }

    @Override
    public Model create(DcganDiscriminatorSettings settings, Dimensions data) {
        Halvings halvings = Halvings.of(settings.channels(), data);
        Layers layers = new Layers(
                settings,
                halvings,
                Classes.of(settings.labels(), data, settings.channels().getLast()),
                new Bounded(settings.spectral()));
        return Model.of(
                Layout.PICTURES.discriminator(settings.labels()),
                halvings.limits(settings.group() > 0 ? Map.of("group", settings.group()) : Map.of(), layers.classes()),
                layers.parameters(),
                layers.statistics(),
                (weights, inputs, pass) -> Map.of("logit", layers.logit(weights, inputs, pass)));
    }

    /** The layers by their sizes. */
    private record Layers(DcganDiscriminatorSettings settings, Halvings halvings, Classes classes, Bounded bounded) {
        private static final String LINEAR = "linear";

        /** Of a picture that was halved so often. */
        private int channels(int halved) {
            return halved == 0 ? halvings.channels() : settings.channels().get(halved - 1);
        }

        private static String downs(int layer) {
            return "down" + layer;
        }

        private int features() {
            return (channels(halvings.count()) + (settings.group() > 0 ? 1 : 0)) * halvings.area();
        }

        List<Parameter> parameters() {
            List<Parameter> parameters = new ArrayList<>(classes.parameters().toList());
            for (int i = 1; i <= halvings.count(); i++) {
                parameters.add(Parameter.of(
                                "weight",
                                Halvings.FIRST,
                                channels(i),
                                channels(i - 1),
                                Halvings.KERNEL,
                                Halvings.KERNEL)
                        .in(downs(i)));
                parameters.add(
                        Parameter.of("bias", Initializer.ZEROS, channels(i)).in(downs(i)));
            }
            parameters.add(Parameter.of("weight", Halvings.FIRST, features(), 1).in(LINEAR));
            return parameters;
        }

        List<Parameter> statistics() {
            return Stream.of(
                            classes.statistics(bounded),
                            IntStream.rangeClosed(1, halvings.count())
                                    .boxed()
                                    .flatMap(i -> bounded.statistics(downs(i), channels(i))),
                            bounded.statistics(LINEAR, features()))
                    .flatMap(each -> each)
                    .toList();
        }

        Tensor logit(Weights weights, Map<String, Tensor> inputs, Pass pass) {
            Tensor x = inputs.get("sample");
            int batch = x.shape().extent(0);
            for (int i = 1; i <= halvings.count(); i++) {
                Tensor bias = weights.in(downs(i)).get("bias").reshape(1, channels(i), 1, 1);
                x = Convolutions.conv2d(x, bounded.weight(weights, downs(i), pass), Halvings.WINDOW)
                        .add(bias);
                x = Functions.leakyRelu(x, Halvings.SLOPE);
            }
            Tensor seen = settings.group() > 0 ? new MinibatchDeviation(settings.group()).apply(x) : x;
            Tensor logit = seen.reshape(batch, features())
                    .matmul(bounded.weight(weights, LINEAR, pass))
                    .reshape(batch);
            return classes.projected(weights, logit, x.sum(2, 3), inputs.get("label"), bounded, pass);
        }
    }
}
