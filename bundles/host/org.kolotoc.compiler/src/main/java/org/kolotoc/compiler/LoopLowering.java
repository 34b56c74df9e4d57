package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Loop;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Tensor;

/** Writes the launch of a loop: one for all results that are wanted. Operands are dense; {@link LayoutAssignment} saw to that. */
final class LoopLowering {
    private LoopLowering() {}

    /**
     * The launch of a loop.
     *
     * @param results of one loop over the same operands
     * @param buffers the number of a stored value's buffer
     * @param scratch makes a buffer of so many elements that nothing else uses meanwhile
     */
    static Launch of(
            List<Value> results,
            String name,
            LoopBodies bodies,
            ToIntFunction<Value> buffers,
            IntUnaryOperator scratch) {
        Value first = results.getFirst();
        Loop loop = ((Op.Scan) first.op).loop();
        Map<String, Launch.Place> places = new LinkedHashMap<>();
        Map<String, Tensor> stacked = new LinkedHashMap<>();
        Map<Integer, Integer> last = new LinkedHashMap<>();
        for (Value result : results) {
            switch (((Op.Scan) result.op).part()) {
                case Loop.Part.Final(int carry) -> last.put(carry, buffers.applyAsInt(result));
                case Loop.Part.Stacked(Tensor value) -> {
                    String output = "stacked " + stacked.size();
                    stacked.put(output, value);
                    places.put(
                            output,
                            new Launch.Place(
                                    buffers.applyAsInt(result), value.shape().size()));
                }
            }
        }
        List<Launch.Carry> carries = new ArrayList<>();
        List<String> inputs = List.copyOf(loop.body().inputs().keySet());
        for (int i = 0; i < inputs.size(); i++) {
            int size = loop.body().inputs().get(inputs.get(i)).shape().size();
            int operand =
                    buffers.applyAsInt(LayoutAssignment.view(first.operand(i)).owner());
            if (i < loop.carries()) {
                int carry = last.containsKey(i) ? last.get(i) : scratch.applyAsInt(size);
                carries.add(new Launch.Carry(operand, carry, size));
                places.put(inputs.get(i), new Launch.Place(carry, 0));
            } else {
                places.put(inputs.get(i), new Launch.Place(operand, loop.isSequence(i) ? size : 0));
            }
        }
        Plan body = bodies.of(loop, stacked);
        int block = Math.toIntExact(body.scratchBytes() / DType.BYTES);
        return new Launch.Loop(
                name,
                body,
                loop.steps(),
                loop.reversed(),
                List.copyOf(carries),
                Collections.unmodifiableMap(places),
                block == 0 ? Launch.Loop.NO_SCRATCH : scratch.applyAsInt(block),
                loop.steps() * body.launches().stream().mapToLong(Launch::flops).sum(),
                loop.steps() * body.launches().stream().mapToLong(Launch::bytes).sum());
    }
}
