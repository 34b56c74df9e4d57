package org.kolotoc.phase.adversarial;

import java.util.stream.IntStream;
import org.kolotoc.api.Seat;
import org.kolotoc.api.SideLoss;
import org.kolotoc.api.SideLossFamily;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Tensor;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of mode seeking (Mao et al., arXiv:1903.05628): samples of other noise are to be other samples, {@code distance of
 * noise / distance of samples} of pairs, the first half of a batch against the second. Pairs of different classes don't count.
 */
@Component
@Seat(kind = "side-loss", id = "mode-seeking", summary = "other noise has to become another sample")
public final class ModeSeeking implements SideLossFamily<ModeSeekingSettings> {
    /** Of samples that are all alike the loss is large, not infinite. */
    private static final double LEAST = 1e-5;

    @Override
    public Class<ModeSeekingSettings> settings() {
        return ModeSeekingSettings.class;
    }

    @Override
    public SideLoss create(ModeSeekingSettings settings) {
        return use -> ratio(use).mul(settings.weight());
    }

    private static Tensor ratio(SideLoss.Use use) {
        Tensor noise = apart(use.inputs().get("noise"));
        Tensor samples = apart(use.outputs().get("sample"));
        Tensor label = use.inputs().get("label");
        if (label != null) {
            int half = noise.shape().extent(0);
            Tensor alike =
                    label.slice(0, 0, half).eq(label.slice(0, half, 2 * half)).cast(DType.F32);
            noise = noise.mul(alike);
            samples = samples.mul(alike);
        }
        return Functions.mean(noise).div(Functions.mean(samples).add(LEAST));
    }

    /** {@code [batch / 2]}: how far the rows of both halves are from each other; one row that is over has no other. */
    private static Tensor apart(Tensor x) {
        int half = x.shape().extent(0) / 2;
        int[] axes = IntStream.range(1, x.shape().rank()).toArray();
        return Functions.mean(
                x.slice(0, 0, half).sub(x.slice(0, half, 2 * half)).abs(), axes);
    }
}
