package org.kolotoc.model.diffusion;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of a denoiser of pictures: the U-Net of denoising diffusion (Ho, Jain and Abbeel, arXiv:2006.11239, appendix B, after
 * Ronneberger et al., arXiv:1505.04597), with one residual block a level, and attention where the picture is smallest. Its
 * layers are {@link UNetLayers}.
 *
 * <p>Its statistic {@code betas} is the noise schedule; a phase writes the one that it trains with, see {@link
 * NoiseSchedule#BETAS}.
 */
@Component
@Seat(kind = Seat.MODEL, id = "unet", summary = "a U-Net that tells the noise in a picture, for diffusion")
public final class UNet implements ModelFamily<UNetSettings> {
    @Override
    public Class<UNetSettings> settings() {
        return UNetSettings.class;
    }

    @Override
    public Model create(UNetSettings settings, Dimensions data) {
        check(settings);
        int height = data.get("height");
        int width = data.get("width");
        checkHalves(settings, height, width);
        UNetLayers layers = new UNetLayers(settings, data.get("channel"), settings.labels() ? data.classes() : 0);
        Map<String, Integer> limits =
                new HashMap<>(Map.of("channel", layers.channels(), "height", height, "width", width));
        if (settings.labels()) {
            limits.put("class", layers.classes());
        }
        return Model.of(
                settings.predicts().denoiser(Layout.PICTURES, settings.labels()),
                new Dimensions(limits),
                layers.parameters(),
                List.of(NoiseSchedule.linear(settings.timesteps()).statistic()),
                layers::forward);
    }

    private static void check(UNetSettings settings) {
        List<Integer> widths = settings.widths();
        if (widths.isEmpty()) {
            throw InputError.field("widths", "there are none; expected one for each level, at least 1");
        }
        if (settings.waves() % 2 != 0) {
            throw InputError.field(
                    "waves",
                    settings.waves() + " is odd; expected an even number, as many sines as cosines of the step");
        }
        if (widths.stream().anyMatch(width -> width % settings.groups() != 0)) {
            throw InputError.field(
                    "groups",
                    settings.groups() + " don't divide all widths " + widths + "; expected one of " + divisors(widths));
        }
        if (widths.getLast() % settings.heads() != 0) {
            throw InputError.field(
                    "heads",
                    settings.heads() + " don't divide the last width, " + widths.getLast() + "; expected one of "
                            + divisors(List.of(widths.getLast())));
        }
    }

    private static String divisors(List<Integer> widths) {
        return IntStream.rangeClosed(1, widths.getFirst())
                .filter(divisor -> widths.stream().allMatch(width -> width % divisor == 0))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", "));
    }

    private static void checkHalves(UNetSettings settings, int height, int width) {
        int last = 1 << Math.min(30, settings.widths().size() - 1);
        if (height % last == 0 && width % last == 0) {
            return;
        }
        int possible = Integer.numberOfTrailingZeros(height | width);
        throw InputError.field(
                "widths",
                settings.widths().size() + " levels halve a picture "
                        + (settings.widths().size() - 1) + " times, and "
                        + height + " x " + width + " pixels have whole halves " + possible + " times; expected at most "
                        + (possible + 1) + " widths, or pictures whose height and width " + last + " divides, as "
                        + nearest(height, last) + " x " + nearest(width, last));
    }

    /** The nearest multiple, of two the larger; at least one. */
    private static int nearest(int size, int of) {
        return Math.max(of, (size + of / 2) / of * of);
    }
}
