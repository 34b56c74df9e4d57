package org.kolotoc.nn;

import java.util.List;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/** A learned vector for each of so many indices: {@code weight [rows, width]}. */
public record Embedding(int rows, int width, Initializer initializer) implements Layer {
    public Embedding(int rows, int width) {
        this(rows, width, NORMAL);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.of("weight", initializer, rows, width));
    }

    /** Vectors of {@code i32} indices: {@code [...]} to {@code [..., width]}. */
    public Tensor apply(Weights weights, Tensor indices) {
        return weights.get("weight").gather(indices);
    }

    /** The vectors of the first indices: {@code [count, width]}. */
    public Tensor first(Weights weights, int count) {
        return range(weights, 0, count);
    }

    /** The vectors of so many indices from one on: {@code [count, width]}. */
    public Tensor range(Weights weights, int from, int count) {
        return weights.get("weight").slice(0, from, from + count);
    }

    /** How well each vector fits, as an output layer that shares them: {@code [..., width]} to {@code [..., rows]}. */
    public Tensor scores(Weights weights, Tensor x) {
        return x.matmul(weights.get("weight").matrixTranspose());
    }
}
