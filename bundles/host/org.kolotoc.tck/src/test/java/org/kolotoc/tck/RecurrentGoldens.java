package org.kolotoc.tck;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.nn.Gru;
import org.kolotoc.nn.Lstm;
import org.kolotoc.nn.Recurrent;
import org.kolotoc.tensor.Tensor;

/** Recurrent layers by the names and shapes of their goldens, {@code [time, batch, ...]} and weights {@code [out, in]}. */
final class RecurrentGoldens {
    private RecurrentGoldens() {}

    static Map<String, Tensor> gru(LayerGoldensTest.Call call) {
        Recurrent.Sequence all = apply(call, new Gru(in(call), hidden(call)), List.of(call.x("h")));
        return Map.of("y", all.outputs().transpose(1, 0, 2), "h", all.states().getFirst());
    }

    static Map<String, Tensor> lstm(LayerGoldensTest.Call call) {
        Recurrent.Sequence all = apply(call, new Lstm(in(call), hidden(call)), List.of(call.x("h"), call.x("c")));
        return Map.of(
                "y",
                all.outputs().transpose(1, 0, 2),
                "h",
                all.states().get(0),
                "c",
                all.states().get(1));
    }

    private static Recurrent.Sequence apply(LayerGoldensTest.Call call, Recurrent layer, List<Tensor> states) {
        Map<String, Tensor> weights = Map.of(
                "input.weight", call.x("weight_ih").matrixTranspose(),
                "input.bias", call.x("bias_ih"),
                "recurrent.weight", call.x("weight_hh").matrixTranspose(),
                "recurrent.bias", call.x("bias_hh"));
        return layer.apply(weights::get, call.x("x").transpose(1, 0, 2), states, Optional.empty());
    }

    private static int in(LayerGoldensTest.Call call) {
        return call.x("x").shape().extent(2);
    }

    private static int hidden(LayerGoldensTest.Call call) {
        return call.x("h").shape().extent(1);
    }
}
