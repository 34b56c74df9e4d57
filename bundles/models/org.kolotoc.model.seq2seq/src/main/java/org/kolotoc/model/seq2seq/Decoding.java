package org.kolotoc.model.seq2seq;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.nn.Attention;
import org.kolotoc.nn.Dropout;
import org.kolotoc.nn.Masks;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * A decoder that goes on from the tokens it wrote. It remembers their keys and values, and beside them those of the source,
 * which are read once and stay.
 *
 * @param from length of the sources
 */
record Decoding(Seq2Seq model, int from) implements IncrementalModel {
    /** Which tokens of the sources are there. */
    static final String PRESENT = "present";

    private static final Signature SIGNATURE =
            Signature.parse("i32 tokens[batch,time]; i32 source[batch,from]; bool present[batch,from]? -> f32"
                    + " logits[batch,time,vocab]");

    static String part(int layer, String what) {
        return "block" + layer + "." + what;
    }

    @Override
    public Signature signature() {
        return SIGNATURE;
    }

    @Override
    public List<Parameter> parameters() {
        return model.parameters();
    }

    @Override
    public Dimensions limits() {
        return new Dimensions(Map.of("time", model.limits().get("time"), "from", from));
    }

    @Override
    public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
        Map<String, Tensor> renamed = new LinkedHashMap<>(inputs);
        renamed.put("target", renamed.remove("tokens"));
        return Map.of("logits", model.forward(weights, renamed, pass).get("logits"));
    }

    @Override
    public List<Parameter> cache(int rows, int length) {
        Attention attention = model.decoder().block().attention();
        List<Parameter> cache = new ArrayList<>();
        cache.add(new Parameter(PRESENT, DType.BOOL, Shape.of(rows, from), Initializer.ONES));
        for (int layer = 0; layer < model.decoder().layers(); layer++) {
            for (String what : List.of("keys", "values", "cross.keys", "cross.values")) {
                cache.add(Parameter.of(
                        part(layer, what),
                        Initializer.ZEROS,
                        rows,
                        attention.keyValueHeads(),
                        what.startsWith("cross") ? from : length,
                        attention.headWidth()));
            }
        }
        return cache;
    }

    @Override
    public Extension extend(Weights weights, Tensor tokens, Tensor positions, Tensor counts, Weights cache) {
        Side side = model.decoder();
        Weights below = weights.in("decoder");
        Attention attention = side.block().attention();
        Tracer tracer = tokens.tracer();
        int rows = tokens.shape().extent(0);
        int length = cache.get(part(0, "keys")).shape().extent(2);
        Tensor at = tracer.iota(tokens.shape(), 1).add(positions.reshape(rows, 1));
        // What pads lies behind everything that its row ever looks at, until tokens take its place.
        Tensor earlier = Masks.upTo(at, length);
        Tensor bias = side.bias(below, at, length);
        Tensor present = Masks.padding(cache.get(PRESENT));
        Map<String, Tensor> written = new LinkedHashMap<>();
        Tensor x = side.enter(below, model.vectors(weights, tokens), at, Dropout.NONE);
        for (int i = 0; i < side.layers(); i++) {
            int layer = i;
            Weights own = below.in("block" + layer);
            try (Tracer.Scope _ = tracer.scope("block" + layer)) {
                x = side.block()
                        .apply(
                                own,
                                x,
                                read -> {
                                    Attention.Projection all = attention.project(own.in("attention"), read);
                                    Tensor keys =
                                            cache.get(part(layer, "keys")).dynamicUpdate(2, all.keys(), positions);
                                    Tensor values =
                                            cache.get(part(layer, "values")).dynamicUpdate(2, all.values(), positions);
                                    written.put(part(layer, "keys"), keys);
                                    written.put(part(layer, "values"), values);
                                    Attention.Projection known = new Attention.Projection(all.queries(), keys, values);
                                    return attention.join(
                                            own.in("attention"), attention.attend(known, earlier, bias, Dropout.NONE));
                                },
                                read -> model.crossed(attention.cross(
                                        own.in("cross"),
                                        read,
                                        new Attention.Memory(
                                                cache.get(part(layer, "cross.keys")),
                                                cache.get(part(layer, "cross.values"))),
                                        present,
                                        Dropout.NONE)),
                                Dropout.NONE);
            }
        }
        Tensor last =
                x.dynamicSlice(1, counts.sub(1), 1).reshape(rows, x.shape().extent(2));
        return new Extension(model.next(weights, last), written);
    }
}
