package org.kolotoc.sampler.diffusion;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.model.diffusion.UNet;
import org.kolotoc.model.diffusion.UNetSettings;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;

/** The denoiser of pictures that the recorded numbers are of, with its weights. */
final class GoldenUNet {
    private GoldenUNet() {}

    static Model of(GoldenFile golden, NoiseSchedule schedule) {
        JsonObject sizes = golden.json().getAsJsonObject("settings");
        UNetSettings settings = new UNetSettings(
                sizes.getAsJsonArray("widths").asList().stream()
                        .map(width -> width.getAsInt())
                        .toList(),
                sizes.get("time_width").getAsInt(),
                sizes.get("groups").getAsInt(),
                sizes.get("heads").getAsInt(),
                schedule.steps(),
                Prediction.NOISE,
                true);
        Model model =
                new UNet().create(settings, new Dimensions(Map.of("channel", 1, "height", 8, "width", 8, "class", 3)));
        Map<String, float[]> values = GoldenFile.safetensors("diffusion", "model.safetensors");
        List<Parameter> parameters = model.parameters().stream()
                .map(own -> new Parameter(
                        own.name(), own.dtype(), own.shape(), new Initializer.Values(ours(own, values.get(name(own))))))
                .toList();
        return Model.of(
                Prediction.NOISE.denoiser(Layout.PICTURES, true),
                model.limits(),
                parameters,
                List.of(schedule.statistic()),
                model::forward);
    }

    /** There it has two levels, without numbers. */
    static String name(Parameter own) {
        return own.name().replaceFirst("^(down|halve|double|up)0", "$1");
    }

    /** What the file has for a parameter as ours has it: {@code [in, out]} of a linear layer, not {@code [out, in]}. */
    static float[] ours(Parameter own, float[] values) {
        Shape shape = own.shape();
        if (shape.rank() != 2 || own.name().startsWith("label")) {
            return values;
        }
        float[] turned = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            turned[i % shape.extent(0) * shape.extent(1) + i / shape.extent(0)] = values[i];
        }
        return turned;
    }
}
