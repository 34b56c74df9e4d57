package org.kolotoc.nn;

import java.util.List;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * Weights that follow others as their exponential moving average, {@code average = memory average + (1 - memory) weight}, by
 * what these are after an update.
 *
 * @param memory in the long run, from 0 to below 1; of the first updates it is shorter, so that first weights are forgotten
 */
public record MovingAverage(double memory) {
    /** Updates after which the memory is near its own length. */
    private static final double YOUNG = 10;

    private static final String FEED = "memory";

    /** What the feed {@code memory} is of the program that makes an update after so many; at first the average is what there is. */
    public double at(long updates) {
        return updates == 0 ? 0 : Math.min(memory, (updates + 1) / (updates + YOUNG));
    }

    /**
     * Traces it, behind what updates the weights. The program has the feed {@code memory}, a scalar.
     *
     * @param statistics of which the average has what they will be
     * @param weights leaves of parameters and statistics, states of the program
     * @param average the same of the average
     */
    public static void trace(
            Tracer tracer, List<Parameter> parameters, List<Parameter> statistics, Weights weights, Weights average) {
        Tensor memory = tracer.feed(FEED, DType.F32, Shape.scalar());
        for (Parameter parameter : parameters) {
            Tensor old = average.get(parameter.name());
            Tensor next = tracer.next(weights.get(parameter.name()));
            tracer.update(old, next.add(old.sub(next).mul(memory)));
        }
        for (Parameter statistic : statistics) {
            tracer.update(average.get(statistic.name()), tracer.next(weights.get(statistic.name())));
        }
    }
}
