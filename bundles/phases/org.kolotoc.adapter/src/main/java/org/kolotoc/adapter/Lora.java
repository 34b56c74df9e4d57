package org.kolotoc.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kolotoc.api.Adapter;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * Low-rank adaptation (Hu et al., arXiv:2106.09685): a matrix {@code W [in, out]} becomes {@code W + scale A B} with
 * {@code A [in, rank]}, uniform within 1 / sqrt(in), and {@code B [rank, out]}, zeros at first. They are named
 * {@code a.<weight>} and {@code b.<weight>}.
 *
 * @param targets parts of names, each of one part or several: {@code attention}, {@code block3.mlp}; of a model that names none
 *     either it is every matrix
 */
record Lora(int rank, double scale, List<String> targets) implements Adapter {
    private static final String IN = "a";
    private static final String OUT = "b";

    @Override
    public Adapter of(Model model) {
        return targets.isEmpty() ? new Lora(rank, scale, model.adaptable()) : this;
    }

    @Override
    public List<Parameter> parameters(List<Parameter> model) {
        List<Parameter> matrices = model.stream().filter(Lora::isMatrix).toList();
        if (matrices.isEmpty()) {
            throw InputError.of(
                    "the model has no weight matrix, so that nothing of it can be adapted by low-rank matrices",
                    "remove \"adapter\"");
        }
        for (String target : targets) {
            if (matrices.stream().noneMatch(matrix -> has(matrix, target))) {
                throw InputError.field(
                        "targets",
                        "\"" + target + "\" is a part of no weight matrix's name; expected parts of "
                                + names(matrices));
            }
        }
        List<Parameter> adapted = matrices.stream().filter(this::isTarget).toList();
        requireRank(adapted);
        return adapted.stream()
                .flatMap(matrix -> {
                    int in = matrix.shape().extent(0);
                    int out = matrix.shape().extent(1);
                    return Stream.of(
                            Parameter.of(matrix.name(), new Initializer.Uniform(1 / Math.sqrt(in)), in, rank)
                                    .in(IN),
                            Parameter.of(matrix.name(), Initializer.ZEROS, rank, out)
                                    .in(OUT));
                })
                .toList();
    }

    /** As many as the smaller extent make any matrix. */
    private static int most(Parameter matrix) {
        return Math.min(matrix.shape().extent(0), matrix.shape().extent(1));
    }

    private void requireRank(List<Parameter> adapted) {
        List<Parameter> small =
                adapted.stream().filter(matrix -> rank > most(matrix)).toList();
        if (small.isEmpty()) {
            return;
        }
        List<Parameter> fitting = new ArrayList<>(adapted);
        fitting.removeAll(small);
        throw InputError.field(
                "rank",
                "is " + rank + ", but "
                        + small.stream()
                                .map(matrix -> matrix.name() + " is " + matrix.shape())
                                .collect(Collectors.joining(", "))
                        + "; expected at most "
                        + small.stream().mapToInt(Lora::most).min().orElseThrow()
                        + (fitting.isEmpty()
                                ? ""
                                : ", or \"targets\" that are parts of these alone: " + names(fitting)));
    }

    private static String names(List<Parameter> matrices) {
        return matrices.stream().map(Parameter::name).collect(Collectors.joining(", "));
    }

    @Override
    public Weights adapt(List<Parameter> model, Weights weights) {
        List<String> adapted = model.stream()
                .filter(Lora::isMatrix)
                .filter(this::isTarget)
                .map(Parameter::name)
                .toList();
        return name -> {
            Tensor weight = weights.get(name);
            return adapted.contains(name)
                    ? weight.add(weights.in(IN)
                            .get(name)
                            .matmul(weights.in(OUT).get(name))
                            .mul(scale))
                    : weight;
        };
    }

    private static boolean isMatrix(Parameter parameter) {
        return parameter.dtype() == DType.F32 && parameter.shape().rank() == 2;
    }

    private boolean isTarget(Parameter matrix) {
        return targets.isEmpty() || targets.stream().anyMatch(target -> has(matrix, target));
    }

    private static boolean has(Parameter parameter, String target) {
        return ("." + parameter.name() + ".").contains("." + target + ".");
    }
}
