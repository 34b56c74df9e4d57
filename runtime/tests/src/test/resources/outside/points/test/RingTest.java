package points;

import java.nio.file.Path;
import java.util.Map;
import org.kolotoc.api.*;
import org.kolotoc.tck.*;

class RingTest extends DataSourceConformance<Ring.Clouds> {
    /** Few points, for the tests of all other seats. */
    static Dataset few() {
        return new Ring().open(new Ring.Clouds(200, 100, 0.05), new BenchDataContext(Path.of(""), 1, Toys::tokenizer));
    }

    protected DataSource<Ring.Clouds> source() {
        return new Ring();
    }

    protected Ring.Clouds settings() {
        return new Ring.Clouds(300, 200, 0.05);
    }

    protected Map<String, Integer> axes() {
        return Map.of("batch", 3);
    }
}
