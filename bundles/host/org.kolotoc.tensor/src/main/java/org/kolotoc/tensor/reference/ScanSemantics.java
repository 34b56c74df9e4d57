package org.kolotoc.tensor.reference;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.kolotoc.tensor.Loop;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Tensor;

/** What a scan means: its body, step after step. */
final class ScanSemantics {
    private ScanSemantics() {}

    /**
     * Results of a loop.
     *
     * @param results that are wanted, all of one loop over the same operands
     * @param operands their elements
     * @param body what the nodes of the body are, of its inputs by name
     */
    static Map<Tensor, double[]> of(
            List<Tensor> results,
            List<double[]> operands,
            Function<Map<String, double[]>, Map<Tensor, double[]>> body) {
        Loop loop = ((Op.Scan) results.getFirst().op()).loop();
        List<Tensor> inputs = List.copyOf(loop.body().inputs().values());
        double[][] carries = operands.subList(0, loop.carries()).toArray(double[][]::new);
        Map<Tensor, double[]> found = new HashMap<>();
        results.forEach(result -> found.put(result, new double[result.shape().size()]));
        for (int step = 0; step < loop.steps(); step++) {
            int time = loop.time(step);
            Map<String, double[]> bound = new HashMap<>();
            for (int i = 0; i < inputs.size(); i++) {
                double[] whole = operands.get(i);
                int size = inputs.get(i).shape().size();
                double[] part = i < loop.carries()
                        ? carries[i]
                        : loop.isSequence(i) ? Arrays.copyOfRange(whole, time * size, (time + 1) * size) : whole;
                bound.put(((Op.Input) inputs.get(i).op()).name(), part);
            }
            Map<Tensor, double[]> values = body.apply(bound);
            for (int i = 0; i < carries.length; i++) {
                carries[i] = values.get(loop.next(i));
            }
            results.forEach(result -> {
                if (((Op.Scan) result.op()).part() instanceof Loop.Part.Stacked(Tensor value)) {
                    double[] part = values.get(value);
                    System.arraycopy(part, 0, found.get(result), time * part.length, part.length);
                }
            });
        }
        results.forEach(result -> {
            if (((Op.Scan) result.op()).part() instanceof Loop.Part.Final(int carry)) {
                found.put(result, carries[carry]);
            }
        });
        return found;
    }
}
