package pictures;

import java.nio.file.Path;
import java.util.Map;
import org.kolotoc.api.*;
import org.kolotoc.tck.*;

class GlyphsTest extends DataSourceConformance<Glyphs.Numbers> {
    /** Few pictures, for the tests of all other seats. */
    static Dataset few() {
        return new Glyphs().open(new Glyphs.Numbers(120, 100), new BenchDataContext(Path.of(""), 1, Toys::tokenizer));
    }

    protected DataSource<Glyphs.Numbers> source() {
        return new Glyphs();
    }

    protected Glyphs.Numbers settings() {
        return new Glyphs.Numbers(300, 200);
    }

    protected Map<String, Integer> axes() {
        return Map.of("batch", 3);
    }
}
