package reversed;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.api.*;
import org.kolotoc.tck.MetricConformance;

class ExactMatchTest extends MetricConformance<Settings.None> {
    @Override
    protected Metric<Settings.None> metric() {
        return new ExactMatch();
    }

    @Override
    protected Settings.None settings() {
        return new Settings.None();
    }

    @Override
    protected String id() {
        return "exact-match";
    }

    private static List<Sample> samples(String... texts) {
        return Stream.of(texts).map(Sample::text).toList();
    }

    @Override
    protected List<Sample> high() {
        return samples("314 > 413", "0 > 0", "12 > 21", "12 > 2");
    }

    @Override
    protected List<Sample> low() {
        return samples("314 > 314", "0 > ", "12 > 12", "11 > 11");
    }
}
