package org.kolotoc.model.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Pass;
import org.kolotoc.nn.Conv2d;
import org.kolotoc.nn.GroupNorm;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * A U-Net by its sizes.
 *
 * <pre>
 * e   = what it is told of the step and the class
 * h   = in(noisy)
 * h   = down0(h, e), kept; h = halve0(h)             for each level but the last
 * h   = mid2(attention(mid1(h, e)), e)               on the last level
 * h   = double0(twice as large); h = up0(kept and h, e)   for each level back
 * out = out(silu(out.norm(h)))
 * </pre>
 *
 * @param channels of a picture
 * @param classes 0 where it is told none
 */
record UNetLayers(UNetSettings settings, int channels, int classes) {
    private static final int SIDE = 3;

    private List<Integer> widths() {
        return settings.widths();
    }

    private int levels() {
        return widths().size() - 1;
    }

    private Told told() {
        return new Told(settings.waves(), 2 * settings.waves(), classes);
    }

    private ResidualBlock block(int in, int out) {
        return new ResidualBlock(in, out, 2 * settings.waves(), settings.groups());
    }

    /** The first one of a level takes what the level above gave. */
    private ResidualBlock down(int level) {
        return block(widths().get(Math.max(0, level - 1)), widths().get(level));
    }

    private ResidualBlock up(int level) {
        return block(widths().get(level) + widths().get(level + 1), widths().get(level));
    }

    private PixelAttention attention() {
        return new PixelAttention(widths().getLast(), settings.heads(), settings.groups());
    }

    private GroupNorm norm() {
        return new GroupNorm(settings.groups(), widths().getFirst());
    }

    private static Conv2d same(int width, int stride) {
        return Conv2d.of(width, width, SIDE, stride, first(width));
    }

    /** By the numbers that make one. */
    private static Initializer first(int in) {
        return new Initializer.Normal(1 / Math.sqrt((double) in * SIDE * SIDE));
    }

    private Conv2d in() {
        return Conv2d.of(channels, widths().getFirst(), SIDE, 1, first(channels));
    }

    /** In the beginning little. */
    private Conv2d out() {
        int in = widths().getFirst();
        return Conv2d.of(in, channels, SIDE, 1, new Initializer.Normal(0.1 / Math.sqrt((double) in * SIDE * SIDE)));
    }

    List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(told().parameters().toList());
        in().in("in").forEach(parameters::add);
        for (int level = 0; level < levels(); level++) {
            down(level).in("down" + level).forEach(parameters::add);
            same(widths().get(level), 2).in("halve" + level).forEach(parameters::add);
        }
        down(levels()).in("mid1").forEach(parameters::add);
        attention().in("attention").forEach(parameters::add);
        block(widths().getLast(), widths().getLast()).in("mid2").forEach(parameters::add);
        for (int level = levels() - 1; level >= 0; level--) {
            same(widths().get(level + 1), 1).in("double" + level).forEach(parameters::add);
            up(level).in("up" + level).forEach(parameters::add);
        }
        norm().in("out.norm").forEach(parameters::add);
        out().in("out").forEach(parameters::add);
        return parameters;
    }

    Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
        if (pass.training()) {
            pass.keep(NoiseSchedule.BETAS, weights.get(NoiseSchedule.BETAS));
        }
        Tensor told = told().apply(weights, inputs);
        Tensor x = in().apply(weights.in("in"), inputs.get("noisy"));
        List<Tensor> kept = new ArrayList<>();
        for (int level = 0; level < levels(); level++) {
            x = down(level).apply(weights.in("down" + level), x, told);
            kept.add(x);
            x = same(widths().get(level), 2).apply(weights.in("halve" + level), x);
        }
        x = down(levels()).apply(weights.in("mid1"), x, told);
        x = attention().apply(weights.in("attention"), x);
        x = block(widths().getLast(), widths().getLast()).apply(weights.in("mid2"), x, told);
        for (int level = levels() - 1; level >= 0; level--) {
            x = same(widths().get(level + 1), 1).applyDoubled(weights.in("double" + level), x);
            x = up(level).apply(weights.in("up" + level), Tensor.concat(1, List.of(kept.get(level), x)), told);
        }
        x = out().apply(weights.in("out"), Functions.silu(norm().apply(weights.in("out.norm"), x)));
        return Map.of(settings.predicts().port(), x);
    }
}
