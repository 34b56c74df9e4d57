package org.kolotoc.engine.prepare;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** What a model computes, as text: of two with the same text, the same weights are the same function. */
final class Computation {
    /** Extents of axes that nobody states, and the most of all: what only shows in longer texts is not seen. */
    static final int UNLIMITED = 16;

    static final int LONGEST = 512;

    private static final String ROLE = "model";

    private Computation() {}

    /**
     * A line for each operation that outputs need, numbered in the order of the computation.
     *
     * @param extents of the axes of its inputs
     * @param training whether it is what a phase trains
     */
    static String of(Model model, List<String> outputs, ToIntFunction<String> extents, boolean training) {
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = new HashMap<>();
        model.signature().inputs().forEach(port -> {
            int[] shape = port.axes().stream()
                    .mapToInt(axis -> Math.min(LONGEST, extents.applyAsInt(axis)))
                    .toArray();
            inputs.put(port.name(), tracer.feed(port.name(), port.dtype(), Shape.of(shape)));
        });
        Pass pass = training ? Pass.training(tracer.feed("key of the pass", DType.I32, Shape.of(2))) : Pass.inference();
        Map<String, Tensor> computed = model.forward(model.weights(tracer, ROLE), inputs, pass);
        outputs.forEach(name -> tracer.output(name, computed.get(name)));
        return listing(tracer.program());
    }

    private static String listing(Program program) {
        Set<Tensor> needed = needed(program);
        Map<Tensor, Integer> numbers = new HashMap<>();
        StringBuilder lines = new StringBuilder();
        for (Tensor node : program.nodes()) {
            if (needed.contains(node)) {
                numbers.put(node, numbers.size());
                lines.append(node.op()).append(node.shape());
                node.operands().forEach(operand -> lines.append(' ').append(numbers.get(operand)));
                lines.append('\n');
            }
        }
        new TreeMap<>(program.outputs())
                .forEach((name, value) -> lines.append(name)
                        .append(' ')
                        .append(numbers.get(value))
                        .append('\n'));
        return lines.toString();
    }

    /** Weights of heads that none of the outputs needs are among a program's inputs too. */
    private static Set<Tensor> needed(Program program) {
        Set<Tensor> needed = new HashSet<>(program.outputs().values());
        program.nodes().reversed().stream().filter(needed::contains).forEach(node -> needed.addAll(node.operands()));
        return needed;
    }
}
