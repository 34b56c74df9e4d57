package org.kolotoc.tck.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** Operators of attention: over keys, over a state, and what turns queries and keys by their positions. */
final class Attending {
    static final Map<String, Operator> ROWS = Map.of(
            "Attention", Attending::attention,
            "RotaryEmbedding", Operator.of(Attending::rotary),
            "LinearAttention", Attending::linear);

    private static final double HIDDEN = Double.NEGATIVE_INFINITY;

    private Attending() {}

    /** {@code [batch, time, heads * width]} as {@code [batch, heads, time, width]}; what has four axes stays. */
    private static Tensor heads(Tensor x, int heads) {
        Shape shape = x.shape();
        return shape.rank() == 4
                ? x
                : x.reshape(shape.extent(0), shape.extent(1), heads, shape.extent(2) / heads)
                        .transpose(0, 2, 1, 3);
    }

    /** The other way: heads side by side, where the operator was given them so. */
    private static Tensor beside(Tensor x, boolean packed) {
        Shape shape = x.shape();
        return packed
                ? x.transpose(0, 2, 1, 3).reshape(shape.extent(0), shape.extent(2), shape.extent(1) * shape.extent(3))
                : x;
    }

    /** Each head of {@code [batch, heads, ...]} for so many query heads. */
    private static Tensor repeated(Tensor x, int queryHeads) {
        int[] e = x.shape().extents();
        int times = queryHeads / e[1];
        Tensor apart = x.reshape(e[0], e[1], 1, e[2], e[3]).broadcast(Shape.of(e[0], e[1], times, e[2], e[3]));
        return apart.reshape(e[0], queryHeads, e[2], e[3]);
    }

    private static Tensor after(Call c, int past, Tensor present) throws NotCovered {
        return c.has(past) ? Tensor.concat(2, List.of(c.x(past), present)) : present;
    }

    private static List<Tensor> attention(Call c) throws NotCovered {
        c.mayName("softmax_precision");
        boolean packed = c.x(0).shape().rank() == 3;
        Tensor q = heads(c.x(0), c.integer("q_num_heads", 1));
        Tensor presentKeys = after(c, 4, heads(c.x(1), c.integer("kv_num_heads", 1)));
        Tensor presentValues = after(c, 5, heads(c.x(2), c.integer("kv_num_heads", 1)));
        int queryHeads = q.shape().extent(1);
        Tensor k = repeated(presentKeys, queryHeads);
        Tensor v = repeated(presentValues, queryHeads);
        double scale = c.number("scale", 1 / Math.sqrt(q.shape().extent(-1)));
        double cap = c.number("softcap", 0);
        Tensor products = q.matmul(k.matrixTranspose()).mul(scale);
        Tensor capped = cap == 0 ? products : products.div(cap).tanh().mul(cap);
        Tensor masked = masked(c, capped, c.has(4) ? c.x(4).shape().extent(2) : 0);
        Tensor weights = softmax(masked);
        Tensor shown = List.of(products, capped, masked, weights).get(c.integer("qk_matmul_output_mode", 0));
        return Arrays.asList(beside(weights.matmul(v), packed), presentKeys, presentValues, shown);
    }

    /** A query that sees no key gathers nothing. */
    private static Tensor softmax(Tensor scores) {
        Tensor largest = scores.maxKeepDims(-1);
        Tensor blind = largest.eq(largest.constant(HIDDEN));
        Tensor seen = blind.select(scores.constant(0), scores);
        return blind.select(scores.constant(0), Functions.softmax(seen));
    }

    private static Tensor masked(Call c, Tensor scores, int past) throws NotCovered {
        Shape shape = scores.shape();
        Tensor hidden = scores.constant(HIDDEN);
        int queries = shape.extent(-2);
        int keys = shape.extent(-1);
        Tensor query = c.trace.iota(shape, -2);
        Tensor key = c.trace.iota(shape, -1);
        Tensor result = scores;
        if (c.has(3)) {
            Tensor mask = c.x(3);
            int missing = keys - mask.shape().extent(-1);
            result = mask.dtype() == DType.BOOL
                    ? mask.pad(-1, 0, missing, 0).select(result, hidden)
                    : result.add(mask.pad(-1, 0, missing, HIDDEN));
        }
        Tensor offset = scores.constant(0).cast(DType.I32).add(query.constant(past));
        if (c.has(6)) {
            Tensor present = c.x(6).reshape(shape.extent(0), 1, 1, 1);
            result = key.lt(present).select(result, hidden);
            offset = present.sub(query.constant(queries));
        }
        return c.flag("is_causal") ? key.le(query.add(offset)).select(result, hidden) : result;
    }

    private static Tensor rotary(Call c) throws NotCovered {
        boolean packed = c.x(0).shape().rank() == 3;
        Tensor x = heads(c.x(0), c.integer("num_heads", 1));
        int width = x.shape().extent(3);
        int dim = c.integer("rotary_embedding_dim", 0);
        int turned = dim == 0 ? width : dim;
        Tensor cos = c.has(3) ? c.x(1).gather(c.x(3)) : c.x(1);
        Tensor sin = c.has(3) ? c.x(2).gather(c.x(3)) : c.x(2);
        int[] e = x.shape().extents();
        int half = turned / 2;
        Tensor cosine = cos.reshape(e[0], 1, e[2], half);
        Tensor sine = sin.reshape(e[0], 1, e[2], half);
        Tensor part = x.slice(3, 0, turned);
        boolean interleaved = c.flag("interleaved");
        // Pairs lie beside each other, or a half of the width apart.
        Tensor pairs = interleaved
                ? part.reshape(e[0], e[1], e[2], half, 2)
                : part.reshape(e[0], e[1], e[2], 2, half).transpose(0, 1, 2, 4, 3);
        Tensor first = pairs.slice(4, 0, 1).reshape(e[0], e[1], e[2], half);
        Tensor second = pairs.slice(4, 1, 2).reshape(e[0], e[1], e[2], half);
        Shape one = Shape.of(e[0], e[1], e[2], half, 1);
        Tensor both = Tensor.concat(
                4,
                List.of(
                        cosine.mul(first).sub(sine.mul(second)).reshape(one),
                        sine.mul(first).add(cosine.mul(second)).reshape(one)));
        Tensor ordered = interleaved ? both : both.transpose(0, 1, 2, 4, 3);
        Tensor result = ordered.reshape(e[0], e[1], e[2], turned);
        return beside(turned == width ? result : Tensor.concat(3, List.of(result, x.slice(3, turned, width))), packed);
    }

    /** A state {@code [batch, heads, keyWidth, valueWidth]} that decays, is corrected and read at every position. */
    private static List<Tensor> linear(Call c) throws NotCovered {
        int queryHeads = c.integer("q_num_heads", 1);
        int heads = c.integer("kv_num_heads", 1);
        String rule = c.text("update_rule", "gated_delta");
        Tensor q = heads(c.x(0), queryHeads);
        Tensor k = heads(c.x(1), heads);
        Tensor v = heads(c.x(2), heads);
        int[] e = k.shape().extents();
        int keyWidth = e[3];
        int valueWidth = v.shape().extent(3);
        double given = c.number("scale", 0);
        double scale = given == 0 ? 1 / Math.sqrt(keyWidth) : given;
        c.mayName("chunk_size");
        Tensor decay = c.has(4) ? heads(c.x(4), heads).exp() : null;
        Tensor beta = c.has(5) ? c.x(5) : null;
        Tensor state = c.has(3) ? c.x(3) : q.constant(0).broadcast(Shape.of(e[0], heads, keyWidth, valueWidth));
        List<Tensor> outputs = new ArrayList<>();
        for (int t = 0; t < e[2]; t++) {
            Tensor key = k.slice(2, t, t + 1);
            Tensor value = v.slice(2, t, t + 1);
            if (rule.startsWith("gated")) {
                state = state.mul(decay.slice(2, t, t + 1).matrixTranspose());
            }
            if (rule.endsWith("delta")) {
                int perToken = beta.shape().extent(2);
                Tensor rate = beta.slice(1, t, t + 1).transpose(0, 2, 1).reshape(e[0], perToken, 1, 1);
                value = value.sub(key.matmul(state)).mul(rate);
            }
            state = state.add(key.matrixTranspose().matmul(value));
            outputs.add(q.slice(2, t, t + 1).matmul(repeated(state, queryHeads)).mul(scale));
        }
        return List.of(beside(Tensor.concat(2, outputs), true), state);
    }
}
