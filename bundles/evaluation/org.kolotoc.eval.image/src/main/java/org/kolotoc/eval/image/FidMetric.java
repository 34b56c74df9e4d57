package org.kolotoc.eval.image;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * The seat that holds pictures against held-out ones in the features of a judge: the Fréchet distance of Heusel et al.
 * (arXiv:1706.08500), precision and recall of Kynkäänniemi et al. (arXiv:1904.06991), which classes there are, how sure the judge
 * is of them, and how many pictures are copies. The judge is the run's own, not the Inception network: its numbers are
 * comparable among runs that have the same judge, and with no published FID.
 *
 * <p>Beside it stand what real pictures that were trained on have, {@code fid/real}, the least to be hoped for, and what a Gaussian
 * of pixels has, {@code fid/gaussian}. A judge that knows too few of the held-out pictures measures nothing but that.
 */
@Component
@Seat(kind = Seat.METRIC, id = "fid", summary = "FID, precision and recall of pictures in the features of a judge")
public final class FidMetric implements Metric<FidSettings> {
    /** Of these a Gaussian of pixels is made. */
    private static final int FITTED = 1000;

    /** Fewer have no covariance to speak of. */
    private static final int LEAST = 10;

    private static final int ALL = 100_000;

    @Override
    public Class<FidSettings> settings() {
        return FidSettings.class;
    }

    @Override
    public Needs needs(FidSettings settings) {
        return Needs.none().taught(Seen.JUDGE, Judge.SIGNATURE).data(Layout.PICTURES.field() + "; i32 label[batch]");
    }

    @Override
    public List<Measure> measures(FidSettings settings) {
        return List.of(
                Measure.evaluation("fid", "", Better.LOWER),
                Measure.evaluation("fid/real", "", Better.NEITHER),
                Measure.evaluation("fid/gaussian", "", Better.NEITHER),
                Measure.evaluation("fid/precision", "", Better.HIGHER),
                Measure.evaluation("fid/recall", "", Better.HIGHER),
                Measure.evaluation("fid/rarest-class", "", Better.HIGHER),
                Measure.evaluation("fid/confidence", "", Better.HIGHER),
                Measure.evaluation("fid/distinct", "", Better.HIGHER),
                Measure.evaluation("fid/copied", "", Better.LOWER),
                Measure.evaluation("fid/judge", "", Better.HIGHER));
    }

    @Override
    public void measure(FidSettings settings, List<Sample> samples, ProgramContext context, Measurements out) {
        Dataset data = context.data();
        Map<String, float[]> heldOut = data.first(JudgePhase.HELD_OUT, settings.pictures());
        Shots training = Shots.of(data.first("train", ALL), data);
        Shots drawn = Shots.of(samples, data);
        Map<String, Double> measured = new LinkedHashMap<>();
        try (Seen.Judged judge = Seen.Judged.of(context)) {
            Seen real = judge.see(heldOut.get("sample"));
            out.reached(1, 4);
            double known = real.accuracy(heldOut.get("label"));
            measured.put("fid/judge", known);
            if (known < settings.floor() || drawn.count() < LEAST) {
                context.ledger()
                        .note(
                                Ledger.Kind.SKIPPED,
                                "floor",
                                known < settings.floor()
                                        ? "not evaluable: the judge knows " + known
                                                + " of the held-out pictures; expected " + settings.floor()
                                        : "not evaluable: " + drawn.count() + " pictures; expected at least " + LEAST);
            } else {
                Gaussian expected = Gaussian.of(real.features(), real.width());
                Seen seen = judge.see(drawn.numbers());
                measured.put("fid", distance(expected, seen));
                measured.put(
                        "fid/real",
                        distance(
                                expected,
                                judge.see(training.first(settings.pictures()).numbers())));
                measured.put(
                        "fid/gaussian",
                        distance(
                                expected,
                                judge.see(training.first(FITTED)
                                        .gaussian(FITTED, 1)
                                        .numbers())));
                out.reached(2, 4);
                neighbours(settings, real, seen, measured);
                out.reached(3, 4);
                classes(seen, measured);
                measured.put("fid/distinct", drawn.distinct());
                measured.put("fid/copied", drawn.copies(training));
            }
        }
        out.reached(4, 4);
        measured.forEach(out::put);
    }

    private static double distance(Gaussian expected, Seen seen) {
        return expected.distance(Gaussian.of(seen.features(), seen.width()));
    }

    private static void neighbours(FidSettings settings, Seen real, Seen seen, Map<String, Double> measured) {
        int most = Math.min(settings.neighbours(), Math.min(real.count(), seen.count()));
        Manifold ofReal = Manifold.of(real.features(), real.width(), most);
        Manifold ofDrawn = Manifold.of(seen.features(), seen.width(), most);
        measured.put("fid/precision", ofReal.share(ofDrawn));
        measured.put("fid/recall", ofDrawn.share(ofReal));
    }

    private static void classes(Seen seen, Map<String, Double> measured) {
        double[] shares = new double[seen.classes()];
        double sure = 0;
        for (int i = 0; i < seen.count(); i++) {
            shares[seen.label(i)] += 1.0 / seen.count();
            sure += seen.confidence(i) / seen.count();
        }
        measured.put("fid/rarest-class", Arrays.stream(shares).min().orElse(0));
        measured.put("fid/confidence", sure);
    }
}
