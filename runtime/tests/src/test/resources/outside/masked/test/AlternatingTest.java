package masked;

import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.api.DataSource;
import org.kolotoc.tck.*;

class AlternatingTest extends DataSourceConformance<Alternating.Rows> {
    @Override
    protected DataSource<Alternating.Rows> source() {
        return new Alternating();
    }

    @Override
    protected Alternating.Rows settings() {
        return new Alternating.Rows(8, 6, 12, 0);
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 3, "time", 12);
    }

    @Override
    protected Stream<Refused<Alternating.Rows>> refused() {
        return Stream.of(
                new Refused<>(new Alternating.Rows(8, 13, 12, 0), "shortest"),
                new Refused<>(new Alternating.Rows(8, 6, 12, 9), "padding"));
    }
}
