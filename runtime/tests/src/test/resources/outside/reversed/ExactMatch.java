package reversed;

import java.util.List;
import org.kolotoc.api.*;
import org.osgi.service.component.annotations.Component;

/** Share of samples {@code 314 > 413} that are right to the last digit. */
@Component
@Seat(kind = Seat.METRIC, id = "exact-match", summary = "share of rows that were read backwards without a mistake")
public final class ExactMatch implements Metric<Settings.None> {
    public Needs needs(Settings.None none) {
        return Needs.none();
    }

    public List<Measure> measures(Settings.None none) {
        return List.of(Measure.evaluation("exact-match", "", Measure.Better.HIGHER));
    }

    public void measure(Settings.None none, List<Sample> samples, ProgramContext context, Measurements out) {
        double right = 0;
        for (Sample sample : samples) {
            String[] sides = sample.text().split(" > ", -1);
            right += sides[1].contentEquals(new StringBuilder(sides[0]).reverse()) ? 1 : 0;
        }
        out.put("exact-match", right / Math.max(1, samples.size()));
    }
}
