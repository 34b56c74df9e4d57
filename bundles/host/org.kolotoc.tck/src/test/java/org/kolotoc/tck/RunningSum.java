package org.kolotoc.tck;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * The smallest model with a memory of its own: logits are the sum of a vector for each token read so far, and of one for the
 * position. It remembers the sum, as a recurrent model does, and no tokens.
 *
 * @param fault what it does wrong
 */
record RunningSum(int vocab, int context, Fault fault) implements IncrementalModel {
    enum Fault {
        NONE,
        /** All rows are where the first one is. */
        POSITIONS,
        /** Also adds what only pads. */
        PADDING,
        /** Keeps the sum of each row in another row's place. */
        ROWS,
        /** A new text goes on from the one before. */
        BEGINNING,
        /** Adds what was added before once more. */
        LOGITS
    }

    @Override
    public Signature signature() {
        return Signature.parse("i32 tokens[batch,time] -> f32 logits[batch,time,vocab]");
    }

    @Override
    public Dimensions limits() {
        return Dimensions.of("time", context);
    }

    @Override
    public List<Parameter> parameters() {
        Initializer normal = new Initializer.Normal(1);
        return List.of(
                Parameter.of("token.weight", normal, vocab, vocab),
                Parameter.of("position.weight", normal, context, vocab));
    }

    @Override
    public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
        Tensor tokens = inputs.get("tokens");
        Tensor sums = weights.get("token.weight").gather(tokens).cumulativeSum(1);
        int time = tokens.shape().extent(1);
        return Map.of("logits", sums.add(weights.get("position.weight").slice(0, 0, time)));
    }

    @Override
    public List<Parameter> cache(int rows, int length) {
        return List.of(Parameter.of("sum", Initializer.ZEROS, rows, vocab));
    }

    @Override
    public Extension extend(Weights weights, Tensor tokens, Tensor positions, Tensor counts, Weights cache) {
        int rows = tokens.shape().extent(0);
        Tensor reversed = tokens.tracer().iota(Shape.of(rows), 0).neg().add(rows - 1);
        Tensor there = tokens.tracer()
                .iota(tokens.shape(), 1)
                .lt(counts.reshape(rows, 1).broadcast(tokens.shape()));
        Tensor vectors = weights.get("token.weight").gather(tokens);
        Tensor counted = fault == Fault.PADDING
                ? vectors
                : vectors.mul(there.cast(DType.F32).reshape(rows, tokens.shape().extent(1), 1));
        Tensor before = fault == Fault.ROWS ? cache.get("sum").gather(reversed) : cache.get("sum");
        Tensor began = positions.gt(positions.constant(0)).reshape(rows, 1).broadcast(before.shape());
        Tensor kept = fault == Fault.BEGINNING ? before : began.select(before, before.constant(0));
        Tensor sum = kept.add(counted.sum(1));
        Tensor at = fault == Fault.POSITIONS ? positions.slice(0, 0, 1).broadcast(Shape.of(rows)) : positions;
        Tensor logits =
                sum.add(weights.get("position.weight").gather(at.add(counts).sub(1)));
        return new Extension(
                fault == Fault.LOGITS ? logits.add(kept) : logits,
                Map.of("sum", fault == Fault.ROWS ? sum.gather(reversed) : sum));
    }
}
