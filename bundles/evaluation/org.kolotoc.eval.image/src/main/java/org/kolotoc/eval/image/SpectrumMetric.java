package org.kolotoc.eval.image;

import java.util.List;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.nn.Layout;
import org.osgi.service.component.annotations.Component;

/** The seat that holds the spectra of pictures against those of held-out ones: how far their powers are apart, see {@link Spectrum}. */
@Component
@Seat(
        kind = Seat.METRIC,
        id = "spectrum",
        summary = "how much of pictures is coarse and how much fine, beside real ones")
public final class SpectrumMetric implements Metric<Settings.None> {
    private static final int MOST = 5000;

    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public Needs needs(Settings.None settings) {
        return Needs.none().data(Layout.PICTURES.field());
    }

    @Override
    public List<Measure> measures(Settings.None settings) {
        return List.of(
                Measure.evaluation("spectrum", "decades", Better.LOWER),
                Measure.evaluation("spectrum/fine", "decades", Better.LOWER));
    }

    /** Held-out pictures as numbers, twice. */
    @Override
    public long bytes(Settings.None settings, ProgramContext context) {
        return 2 * Shots.bytes(context.data(), JudgePhase.HELD_OUT, MOST);
    }

    @Override
    public void measure(Settings.None settings, List<Sample> samples, ProgramContext context, Measurements out) {
        Dataset data = context.data();
        Shots drawn = Shots.of(samples, data);
        if (drawn.count() == 0) {
            return;
        }
        Shots real = Shots.of(data.first(JudgePhase.HELD_OUT, MOST), data);
        Spectrum expected = Spectrum.of(real.brightness(), real.height(), real.width());
        out.reached(1, 2);
        Spectrum seen = Spectrum.of(drawn.brightness(), drawn.height(), drawn.width());
        out.reached(2, 2);
        out.put("spectrum", seen.distance(expected, 1));
        out.put("spectrum/fine", seen.distance(expected, expected.fine()));
    }
}
