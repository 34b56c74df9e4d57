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
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * What an output of a model is computed by: of two with the same text, the same weights are the same function.
 *
 * @param text a line for each operation that it needs, numbered in the order of the computation
 * @param weights names of those that it needs
 */
record Computation(String text, Set<String> weights) {
    /** Extents of axes that nobody states, and the most of all: what only shows in longer texts is not seen. */
    static final int UNLIMITED = 16;

    static final int LONGEST = 512;

    private static final String ROLE = "model";

    /**
     * Traces a model.
     *
     * @param extents of the axes of its inputs
     * @param training whether it is what a phase trains
     * @return by the output's name
     */
    static Map<String, Computation> of(
            Model model, List<String> outputs, ToIntFunction<String> extents, boolean training) {
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
        Program program = tracer.program();
        Map<String, Computation> all = new TreeMap<>();
        outputs.forEach(name -> all.put(name, of(program, program.outputs().get(name))));
        return all;
    }

    private static Computation of(Program program, Tensor output) {
        Set<Tensor> needed = new HashSet<>(Set.of(output));
        program.nodes().reversed().stream().filter(needed::contains).forEach(node -> needed.addAll(node.operands()));
        Map<Tensor, Integer> numbers = new HashMap<>();
        Set<String> weights = new HashSet<>();
        StringBuilder lines = new StringBuilder();
        for (Tensor node : program.nodes()) {
            if (!needed.contains(node)) {
                continue;
            }
            numbers.put(node, numbers.size());
            lines.append(node.op()).append(node.shape());
            node.operands().forEach(operand -> lines.append(' ').append(numbers.get(operand)));
            lines.append('\n');
            if (node.op() instanceof Op.Input(String name, boolean state) && state) {
                weights.add(name.substring(ROLE.length() + 1));
            }
        }
        return new Computation(lines.toString(), weights);
    }
}
