package org.kolotoc.eval.image;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.nn.Conv2d;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.Linear;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of a judge of pictures: two convolutions, features, and the classes of the data.
 *
 * <pre>
 * h        = silu(second(silu(first(sample))))      each half as high and wide
 * features = silu(features(h))                      [batch, feature]
 * classes  = classes(features)                      [batch, class], logits
 * </pre>
 */
@Component
@Seat(kind = Seat.MODEL, id = "image-judge", summary = "convolutions that know the classes of pictures, for metrics")
public final class Judge implements ModelFamily<JudgeSettings> {
    /** What metrics need of one. */
    static final String SIGNATURE =
            Layout.PICTURES.field() + " -> f32 features[batch,feature]; f32 classes[batch,class]";

    @Override
    public Class<JudgeSettings> settings() {
        return JudgeSettings.class;
    }

    @Override
    public Model create(JudgeSettings settings, Dimensions data) {
        Layers layers =
                new Layers(settings, data.get("channel"), data.get("height"), data.get("width"), data.get("class"));
        return Model.of(
                SIGNATURE,
                new Dimensions(Map.of(
                        "channel", layers.channels(),
                        "height", layers.height(),
                        "width", layers.width(),
                        "class", layers.classes())),
                layers.parameters(),
                (weights, inputs, _) -> layers.forward(weights, inputs.get("sample")));
    }

    /** The layers by their sizes. */
    private record Layers(JudgeSettings settings, int channels, int height, int width, int classes) {
        private static final int SIDE = 3;

        private static Conv2d halving(int in, int out) {
            return Conv2d.of(in, out, SIDE, 2, new Initializer.Normal(Math.sqrt(2.0 / (in * SIDE * SIDE))));
        }

        private Conv2d first() {
            return halving(channels, settings.channels());
        }

        private Conv2d second() {
            return halving(settings.channels(), 2 * settings.channels());
        }

        /** Numbers that the convolutions leave. */
        private int left() {
            return 2 * settings.channels() * Math.ceilDiv(height, 4) * Math.ceilDiv(width, 4);
        }

        private Linear features() {
            return new Linear(left(), settings.features(), true, new Initializer.Normal(Math.sqrt(2.0 / left())));
        }

        private Linear last() {
            return new Linear(
                    settings.features(), classes, true, new Initializer.Normal(1 / Math.sqrt(settings.features())));
        }

        List<Parameter> parameters() {
            return Stream.of(
                            first().in("first"),
                            second().in("second"),
                            features().in("features"),
                            last().in("classes"))
                    .flatMap(parameters -> parameters)
                    .toList();
        }

        Map<String, Tensor> forward(Weights weights, Tensor sample) {
            Tensor h = Functions.silu(first().apply(weights.in("first"), sample));
            h = Functions.silu(second().apply(weights.in("second"), h));
            h = h.reshape(h.shape().extent(0), left());
            Tensor features = Functions.silu(features().apply(weights.in("features"), h));
            return Map.of("features", features, "classes", last().apply(weights.in("classes"), features));
        }
    }
}
