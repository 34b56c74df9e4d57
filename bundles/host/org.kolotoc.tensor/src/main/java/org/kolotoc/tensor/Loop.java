package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program that runs once for each step of time, as {@link Scan} traces it. Its states are the carries, whose updates are
 * what the next step gets; its other inputs are the step's part of each sequence, then what is the same in all steps.
 *
 * <p>The operands of its results, {@link Op.Scan}, come in the order of these inputs: the carries as they are before the
 * first step; sequences {@code [steps, ...]}; the rest as it is.
 *
 * @param body of one step; the names of its inputs say nothing
 * @param carries how many of its inputs are carries: the first ones
 * @param sequences how many inputs behind them are sequences
 * @param steps at least 1
 * @param reversed whether the last step of time comes first; what is stacked lies at its own time all the same
 */
public record Loop(Program body, int carries, int sequences, int steps, boolean reversed) {

    /** What a result of the loop is. */
    public sealed interface Part {
        /** A carry after the last step. */
        record Final(int carry) implements Part {
            @Override
            public String toString() {
                return "carry " + carry;
            }
        }

        /** A value of the body at each step of time, {@code [steps, ...]}: any of its nodes, carries as they came in too. */
        record Stacked(Tensor value) implements Part {
            @Override
            public String toString() {
                return "%" + value.id() + " of each step";
            }
        }
    }

    /** The leaves of the body, in the order of the operands. */
    List<Tensor> inputs() {
        return List.copyOf(body.inputs().values());
    }

    /** What a carry is in the next step. */
    public Tensor next(int carry) {
        Tensor input = inputs().get(carry);
        return body.updates().get(((Op.Input) input.op()).name());
    }

    /** Whether an operand is cut into steps. */
    public boolean isSequence(int operand) {
        return operand >= carries && operand < carries + sequences;
    }

    /** The steps of time in the order in which they are computed. */
    public int time(int step) {
        return reversed ? steps - 1 - step : step;
    }

    /**
     * The body with those values as outputs that are wanted, and without what only others need.
     *
     * @param stacked values of the body by new names
     */
    public Program giving(Map<String, Tensor> stacked) {
        return Program.of(body.nodes(), body.inputs(), stacked, body.updates());
    }

    /** The shape that a part has. */
    Shape shape(Part part) {
        return switch (part) {
            case Part.Final last -> inputs().get(last.carry()).shape();
            case Part.Stacked stacked -> stacked(stacked.value().shape());
        };
    }

    /** The shape of a step's value, {@code steps} times. */
    private Shape stacked(Shape step) {
        long[] extents = new long[step.rank() + 1];
        extents[0] = steps;
        for (int axis = 0; axis < step.rank(); axis++) {
            extents[axis + 1] = step.extent(axis);
        }
        return body.nodes().getFirst().tracer().shape("scan", List.of(step), extents);
    }

    DType dtype(Part part) {
        return switch (part) {
            case Part.Final last -> inputs().get(last.carry()).dtype();
            case Part.Stacked stacked -> stacked.value().dtype();
        };
    }

    /** @throws ShapeError naming the operand that does not fit its input */
    void require(List<Tensor> operands, Tracer tracer) {
        List<Tensor> inputs = inputs();
        if (operands.size() != inputs.size()) {
            throw tracer.error("scan: the body has " + inputs.size() + " inputs, got " + operands.size() + " operands");
        }
        for (int i = 0; i < inputs.size(); i++) {
            Tensor input = inputs.get(i);
            Tensor operand = operands.get(i);
            Shape wanted = isSequence(i) ? stacked(input.shape()) : input.shape();
            if (!operand.shape().equals(wanted) || operand.dtype() != input.dtype()) {
                throw tracer.error("scan: " + ((Op.Input) input.op()).name() + " is "
                        + input.dtype().label() + " " + wanted + ", got "
                        + operand.dtype().label() + " " + operand.shape());
            }
        }
    }

    /** One step in a trace of other operands. */
    Map<Tensor, Tensor> step(Tracer trace, List<Tensor> operands) {
        Map<Tensor, Tensor> made = new LinkedHashMap<>();
        List<Tensor> inputs = inputs();
        for (int i = 0; i < inputs.size(); i++) {
            made.put(inputs.get(i), operands.get(i));
        }
        for (Tensor node : body.nodes()) {
            if (!made.containsKey(node)) {
                List<Tensor> copied = new ArrayList<>();
                node.operands().forEach(operand -> copied.add(made.get(operand)));
                try (Tracer.Scope _ = trace.at(node.origin())) {
                    made.put(node, trace.copy(node, copied));
                }
            }
        }
        return made;
    }

    @Override
    public String toString() {
        return steps + " steps" + (reversed ? " from the last to the first" : "") + " of "
                + body.nodes().size() + " operations";
    }
}
