package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A program with the steps of its scans one after the other, for backends that have no loop. */
final class ScanUnrolling {
    private final Tracer trace = new Tracer();
    /** The steps of a loop over some operands: where each value of the body is. */
    private final Map<List<Object>, List<Map<Tensor, Tensor>>> unrolled = new HashMap<>();

    private ScanUnrolling() {}

    static Program of(Program program) {
        boolean loops = program.nodes().stream().anyMatch(node -> node.op() instanceof Op.Scan);
        return loops ? new ScanUnrolling().unroll(program) : program;
    }

    private Program unroll(Program program) {
        Map<Tensor, Tensor> made = copy(program.nodes(), new HashMap<>());
        program.outputs().forEach((name, value) -> trace.output(name, made.get(value)));
        program.updates()
                .forEach((name, value) -> trace.update(made.get(program.inputs().get(name)), made.get(value)));
        return trace.program();
    }

    private Map<Tensor, Tensor> copy(List<Tensor> nodes, Map<Tensor, Tensor> made) {
        for (Tensor node : nodes) {
            if (!made.containsKey(node)) {
                List<Tensor> operands = node.operands().stream().map(made::get).toList();
                try (Tracer.Scope _ = trace.at(node.origin())) {
                    made.put(
                            node,
                            node.op() instanceof Op.Scan(Loop loop, Loop.Part part)
                                    ? part(loop, part, operands)
                                    : trace.copy(node, operands));
                }
            }
        }
        return made;
    }

    private Tensor part(Loop loop, Loop.Part part, List<Tensor> operands) {
        List<Object> key = List.of(loop, operands);
        List<Map<Tensor, Tensor>> steps = unrolled.get(key);
        if (steps == null) {
            steps = steps(loop, operands);
            unrolled.put(key, steps);
        }
        return switch (part) {
            case Loop.Part.Final last -> steps.get(loop.time(loop.steps() - 1)).get(loop.next(last.carry()));
            case Loop.Part.Stacked stacked ->
                Tensor.concat(
                        0,
                        steps.stream()
                                .map(step -> step.get(stacked.value()))
                                .map(value -> value.reshape(ahead(value.shape())))
                                .toList());
        };
    }

    private List<Map<Tensor, Tensor>> steps(Loop loop, List<Tensor> operands) {
        Map<Integer, Map<Tensor, Tensor>> steps = new HashMap<>();
        List<Tensor> inputs = loop.inputs();
        List<Tensor> carries = operands.subList(0, loop.carries());
        for (int step = 0; step < loop.steps(); step++) {
            int time = loop.time(step);
            Map<Tensor, Tensor> made = new LinkedHashMap<>();
            for (int i = 0; i < inputs.size(); i++) {
                Tensor whole = operands.get(i);
                made.put(
                        inputs.get(i),
                        i < loop.carries()
                                ? carries.get(i)
                                : loop.isSequence(i)
                                        ? whole.slice(0, time, time + 1)
                                                .reshape(inputs.get(i).shape())
                                        : whole);
            }
            steps.put(time, copy(loop.body().nodes(), made));
            List<Tensor> next = new ArrayList<>();
            for (int i = 0; i < loop.carries(); i++) {
                next.add(made.get(loop.next(i)));
            }
            carries = next;
        }
        List<Map<Tensor, Tensor>> ordered = new ArrayList<>();
        for (int time = 0; time < loop.steps(); time++) {
            ordered.add(steps.get(time));
        }
        return ordered;
    }

    private static Shape ahead(Shape shape) {
        int[] extents = new int[shape.rank() + 1];
        extents[0] = 1;
        System.arraycopy(shape.extents(), 0, extents, 1, shape.rank());
        return Shape.of(extents);
    }
}
