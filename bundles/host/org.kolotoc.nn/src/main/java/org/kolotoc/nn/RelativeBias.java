package org.kolotoc.nn;

import java.util.List;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * Relative positions as T5 has them (Raffel et al., arXiv:1910.10683): a learned number for each head, added to the score of a
 * query and a key, by how far the key lies from the query. Near distances have a bucket each, farther ones share buckets whose
 * widths grow with the logarithm: {@code weight [buckets, heads]}.
 *
 * @param distance from which on all share the last bucket
 * @param bidirectional whether half of the buckets are for keys behind the query; else those count as distance 0
 */
public record RelativeBias(int heads, int buckets, int distance, boolean bidirectional) implements Layer {
    public RelativeBias {
        int least = bidirectional ? 4 : 2;
        if (buckets < least || buckets % 2 != 0 || distance <= buckets / least) {
            throw new IllegalArgumentException(buckets + " buckets up to distance " + distance
                    + "; expected an even number of at least " + least + ", and a distance above the " + buckets / least
                    + " that have a bucket each");
        }
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.of("weight", NORMAL, buckets, heads));
    }

    /**
     * What to add to the scores.
     *
     * @param positions {@code i32 [queries]}, or {@code [batch, queries]} where each row has its own
     * @param keys how many keys there are, at positions from 0
     * @return {@code [1 or batch, heads, queries, keys]}
     */
    public Tensor apply(Weights weights, Tensor positions, int keys) {
        int[] table = new int[2 * distance + 1];
        for (int i = 0; i < table.length; i++) {
            table[i] = bucket(i - distance);
        }
        Tensor near = weights.get("weight").gather(positions.tracer().constant(table, Shape.of(table.length)));
        int rows = positions.shape().rank() == 1 ? 1 : positions.shape().extent(0);
        int queries = positions.shape().extent(-1);
        Shape scores = Shape.of(rows, queries, keys);
        Tensor away = positions
                .tracer()
                .iota(scores, 2)
                .sub(positions.reshape(rows, queries, 1))
                .maximum(-distance)
                .minimum(distance);
        return near.gather(away.add(distance)).transpose(0, 3, 1, 2);
    }

    /** The bucket of a key so far behind its query; before it if negative. In {@code f32}, as checkpoints were trained with. */
    int bucket(int relative) {
        int side = bidirectional ? buckets / 2 : buckets;
        int first = bidirectional && relative > 0 ? side : 0;
        int away = bidirectional ? Math.abs(relative) : Math.max(0, -relative);
        int exact = side / 2;
        if (away < exact) {
            return first + away;
        }
        float share = (float) Math.log(away / (float) exact) / (float) Math.log(distance / (double) exact);
        return first + Math.min(side - 1, exact + (int) (share * (side - exact)));
    }
}
