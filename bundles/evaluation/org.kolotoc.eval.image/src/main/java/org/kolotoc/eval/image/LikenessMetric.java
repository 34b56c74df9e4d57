package org.kolotoc.eval.image;

import java.util.List;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.nn.Layout;
import org.osgi.service.component.annotations.Component;

/**
 * The seat that says, without a judge, how alike pictures are: to each other, by the mean structural similarity of pairs (Odena
 * et al., arXiv:1610.09585, section 4.2), which is high where a generator makes few pictures; and to what was learned from, by
 * that and the peak signal by noise beside the nearest training picture, which are high where it repeats them. Held-out pictures
 * stand beside both.
 */
@Component
@Seat(kind = Seat.METRIC, id = "likeness", summary = "how alike pictures are to each other, and to those learned from")
public final class LikenessMetric implements Metric<LikenessSettings> {
    /** Where pictures are the same, decibels have no end; 100 is a hundred-thousandth of the range. */
    private static final double SAME = 100;

    private static final int TOGETHER = 32;

    /** Fewer pairs say nothing of many. */
    private static final int LEAST = 10;

    /** Held-out pictures at most, however many were drawn. */
    private static final int ALL = 5000;

    @Override
    public Class<LikenessSettings> settings() {
        return LikenessSettings.class;
    }

    @Override
    public Needs needs(LikenessSettings settings) {
        return Needs.none().data(Layout.PICTURES.field());
    }

    @Override
    public List<Measure> measures(LikenessSettings settings) {
        return List.of(
                Measure.evaluation("likeness", "", Better.LOWER),
                Measure.evaluation("likeness/real", "", Better.NEITHER),
                Measure.evaluation("likeness/nearest", "", Better.LOWER),
                Measure.evaluation("likeness/nearest-real", "", Better.NEITHER),
                Measure.evaluation("likeness/noise", "dB", Better.LOWER),
                Measure.evaluation("likeness/noise-real", "dB", Better.NEITHER));
    }

    /** Pictures of both parts as numbers. */
    @Override
    public long bytes(LikenessSettings settings, ProgramContext context) {
        return Shots.bytes(context.data(), "train", settings.pictures())
                + Shots.bytes(context.data(), JudgePhase.HELD_OUT, ALL);
    }

    @Override
    public void measure(LikenessSettings settings, List<Sample> samples, ProgramContext context, Measurements out) {
        Dataset data = context.data();
        Shots drawn = Shots.of(samples, data);
        Shots real = Shots.of(data.first(JudgePhase.HELD_OUT, Math.min(ALL, Math.max(1, drawn.count()))), data);
        int least = Math.min(drawn.count(), real.count());
        if (Math.min(drawn.height(), drawn.width()) < Similarity.WINDOW || least < LEAST) {
            context.ledger()
                    .note(
                            Ledger.Kind.SKIPPED,
                            "",
                            "not evaluable: " + drawn.count() + " drawn and " + real.count()
                                    + " held-out pictures of " + drawn.height() + " x " + drawn.width()
                                    + "; expected at least " + LEAST + " of each, of at least " + Similarity.WINDOW
                                    + " x " + Similarity.WINDOW);
            return;
        }
        Shots training = Shots.of(data.first("train", settings.pictures()), data);
        Nearest ofReal = Nearest.of(real, training, 0, out);
        Nearest ofDrawn = Nearest.of(drawn, training, 1, out);
        out.put("likeness", pairs(drawn));
        out.put("likeness/real", pairs(real));
        out.put("likeness/nearest", ofDrawn.structure());
        out.put("likeness/nearest-real", ofReal.structure());
        out.put("likeness/noise", ofDrawn.decibels());
        out.put("likeness/noise-real", ofReal.decibels());
    }

    /** The mean of a picture and the one after it, the last and the first too. */
    private static double pairs(Shots shots) {
        double sum = 0;
        for (int i = 0; i < shots.count(); i++) {
            sum += shots.structure(i, shots, (i + 1) % shots.count());
        }
        return sum / shots.count();
    }

    /** Means over pictures, each beside the nearest of others by the mean square of pixels. */
    private record Nearest(double structure, double decibels) {
        /** @param turn of two, for how far it is */
        static Nearest of(Shots shots, Shots others, int turn, Measurements out) {
            double structure = 0;
            double decibels = 0;
            for (int i = 0; i < shots.count(); i++) {
                int nearest = shots.nearest(i, others);
                structure += shots.structure(i, others, nearest);
                decibels += Math.min(SAME, shots.peakByNoise(i, others, nearest));
                if (i % TOGETHER == TOGETHER - 1) {
                    out.reached((long) turn * shots.count() + i, 2L * shots.count());
                }
            }
            return new Nearest(structure / shots.count(), decibels / shots.count());
        }
    }
}
