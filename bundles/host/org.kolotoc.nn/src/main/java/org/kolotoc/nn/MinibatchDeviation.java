package org.kolotoc.nn;

import java.util.Arrays;
import java.util.List;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/**
 * How much the examples of a group differ, as one more channel (Karras et al., arXiv:1710.10196, section 3): the standard
 * deviation of each feature over the group, averaged over all of them. Who sees it can tell samples that are all alike.
 *
 * @param group examples that are compared, one after the other in the batch; of a batch that it does not divide, the largest
 *     number below it that does
 */
public record MinibatchDeviation(int group) {
    /** Of examples that are all alike the square root has a derivative too. */
    private static final double EPSILON = 1e-8;

    /** {@code [batch, channels, ...]} to {@code [batch, channels + 1, ...]}. */
    public Tensor apply(Tensor x) {
        int batch = x.shape().extent(0);
        int size = Math.min(group, batch);
        while (batch % size != 0) {
            size--;
        }
        Tensor groups = x.reshape(batch / size, size, -1);
        Tensor deviation = Functions.varianceKeepDims(groups, 1).add(EPSILON).sqrt();
        Tensor each = Functions.mean(deviation, 1, 2);
        int[] ones = new int[x.shape().rank()];
        Arrays.fill(ones, 1);
        ones[0] = batch;
        Shape one = x.shape().with(1, 1);
        Tensor channel = each.reshape(batch / size, 1)
                .broadcast(Shape.of(batch / size, size))
                .reshape(Shape.of(ones))
                .broadcast(one);
        return Tensor.concat(1, List.of(x, channel));
    }
}
