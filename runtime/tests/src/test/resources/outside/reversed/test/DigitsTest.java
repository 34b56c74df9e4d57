package reversed;

import java.util.Map;
import org.kolotoc.api.DataSource;
import org.kolotoc.tck.DataSourceConformance;

class DigitsTest extends DataSourceConformance<Digits.Rows> {
    @Override
    protected DataSource<Digits.Rows> source() {
        return new Digits();
    }

    @Override
    protected Digits.Rows settings() {
        return new Digits.Rows(5);
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 3, "from", 5, "to", 6);
    }
}
