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
 * <p>Beside it stand what real pictures have, {@code fid/real}, the least to be hoped for, and what a Gaussian of pixels has that is
 * fitted to the training pictures, {@code fid/gaussian}. A Fréchet distance of few pictures is larger than that of many (Chong
 * and Forsyth, arXiv:1911.07023), and a judge knows what it learned from too well; so the real ones are held-out pictures that
 * the others of them are compared with, and all three have as many pictures: what was drawn, but at most half of the held-out
 * ones. A judge that knows too few of the held-out pictures measures nothing but that.
 */
@Component
@Seat(kind = Seat.METRIC, id = "fid", summary = "FID, precision and recall of pictures in the features of a judge")
public final class FidMetric implements Metric<FidSettings> {
    /** Products that a Gaussian of pixels may take, some seconds: of large pictures it is fitted to the first ones. */
    private static final long PRODUCTS = 1L << 34;

    /** Fewer have no covariance to speak of. */
    private static final int LEAST = 10;

    private static final int ALL = 100_000;
    /** Share of pictures that differ from those before, of which a model is said to make one. */
    private static final double COLLAPSED = 0.05;

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
                Measure.evaluation("fid/distinct", "", Better.HIGHER)
                        .alarming(COLLAPSED, "collapsed: the pictures are copies of each other"),
                Measure.evaluation("fid/copied", "", Better.LOWER),
                Measure.evaluation("fid/judge", "", Better.HIGHER));
    }

    /** Pictures of both parts as numbers; features are few beside them. */
    @Override
    public long bytes(FidSettings settings, ProgramContext context) {
        try (Seen.Judged judge = Seen.Judged.of(context)) {
            Dataset data = context.data();
            return Shots.bytes(data, "train", ALL)
                    + Shots.bytes(data, JudgePhase.HELD_OUT, settings.pictures())
                    + judge.bytes();
        }
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
            out.reached(1, 5);
            double known = real.accuracy(heldOut.get("label"));
            measured.put("fid/judge", known);
            if (isEvaluable(settings, known, drawn.count(), real.count(), context.ledger())) {
                Seen seen = judge.see(drawn.numbers());
                int some = Math.min(drawn.count(), real.count() / 2);
                Gaussian expected = real.gaussian(some, real.count());
                measured.put("fid", expected.distance(seen.gaussian(0, some)));
                measured.put("fid/real", expected.distance(real.gaussian(0, some)));
                out.reached(2, 5);
                Shots fitted = training.first((int) Math.max(LEAST, PRODUCTS / some / training.size()));
                Seen pixels = judge.see(fitted.gaussian(some, 1).numbers());
                measured.put("fid/gaussian", expected.distance(pixels.gaussian()));
                out.reached(3, 5);
                neighbours(settings, real, seen, measured);
                out.reached(4, 5);
                classes(seen, measured);
                measured.put("fid/distinct", drawn.distinct());
                measured.put("fid/copied", drawn.copies(training));
            }
        }
        out.reached(5, 5);
        measured.forEach(out::put);
    }

    private static boolean isEvaluable(FidSettings settings, double known, int drawn, int real, Ledger ledger) {
        if (known < settings.floor()) {
            ledger.note(
                    Ledger.Kind.SKIPPED,
                    "floor",
                    "not evaluable: the judge knows " + known + " of the held-out pictures; expected "
                            + settings.floor() + ": give its phase more steps, or a lower floor");
        } else if (drawn < LEAST) {
            ledger.note(
                    Ledger.Kind.SKIPPED,
                    "samples",
                    "not evaluable: " + drawn + " pictures; expected at least " + LEAST
                            + ": give the samples a larger count, or more pictures in each");
        } else if (real < 2 * LEAST) {
            ledger.note(
                    Ledger.Kind.SKIPPED,
                    "pictures",
                    "not evaluable: " + real + " held-out pictures; expected at least " + 2 * LEAST
                            + ": let the data hold out more");
        } else {
            return true;
        }
        return false;
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
