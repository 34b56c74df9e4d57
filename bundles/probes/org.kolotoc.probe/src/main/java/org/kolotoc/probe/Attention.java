package org.kolotoc.probe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.image.Pictures;
import org.kolotoc.api.probe.InnerValues;
import org.kolotoc.api.probe.Probe;
import org.kolotoc.api.probe.ProbeContext;
import org.kolotoc.api.probe.Reading;
import org.kolotoc.api.probe.Readings;
import org.kolotoc.tensor.Tensor;
import org.osgi.service.component.annotations.Component;

/**
 * Where each head of each attention looks, for the first sequence of the batch: a heat map of the weights, a row for each query
 * and a column for each key, head beside head, and the mean entropy of each head's rows, in nats.
 */
@Component
@Seat(kind = Probe.KIND, id = "attention", summary = "heat maps of attention weights, and the entropy of each head")
public final class Attention implements Probe<Attention.Maps> {
    /**
     * The settings.
     *
     * @param pixels of a map at most, on a side
     */
    public record Maps(
            @Settings.Default("128")
            @Settings.Range(min = 1, max = 1024)
            @Settings.Help(
                    "pixels of a head's map at most, on a side; several weights share one then: the largest is seen")
            int pixels) {}

    @Override
    public Class<Maps> settings() {
        return Maps.class;
    }

    @Override
    public Optional<Reading> prepare(Maps maps, ProbeContext context) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        AttentionWeights.in(context)
                .forEach((node, of) -> weights.put(InnerValues.free(InnerValues.place(node), weights.keySet()), of));
        weights.forEach(context::output);
        return weights.isEmpty()
                ? Optional.empty()
                : Optional.of((observed, out) -> weights.forEach((name, of) -> read(
                        name,
                        observed.floats(name),
                        of.shape().extent(-2),
                        of.shape().extent(-1),
                        maps.pixels(),
                        out)));
    }

    /** @param all {@code [heads, queries, keys]} */
    private static void read(String name, float[] all, int queries, int keys, int pixels, Readings out) {
        int heads = all.length / (queries * keys);
        int height = Math.min(queries, pixels);
        int width = Math.min(keys, pixels);
        float[] maps = new float[heads * height * width];
        for (int head = 0; head < heads; head++) {
            double entropy = 0;
            for (int query = 0; query < queries; query++) {
                for (int key = 0; key < keys; key++) {
                    float weight = all[(head * queries + query) * keys + key];
                    entropy -= weight > 0 ? weight * Math.log(weight) : 0;
                    int pixel = (head * height + query * height / queries) * width + key * width / keys;
                    maps[pixel] = Math.max(maps[pixel], weight);
                }
            }
            out.put(name + "/entropy/head" + head, entropy / queries);
        }
        out.picture(name, new Pictures(maps, height, width, 1).grid((int) Math.ceil(Math.sqrt(heads))));
    }
}
