package org.kolotoc.data;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.DataSource;
import org.kolotoc.data.tagline.Taglines;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;

class TaglineTextSourceTest extends DataSourceConformance<TaglineTextSettings> {
    @Override
    protected DataSource<TaglineTextSettings> source() {
        return new TaglineTextSource();
    }

    @Override
    protected TaglineTextSettings settings() {
        return new TaglineTextSettings(1, 5000, 0.9);
    }

    @Override
    protected Stream<Refused<TaglineTextSettings>> refused() {
        return Stream.of();
    }

    @Test
    void anotherSeedWritesAnotherText() throws IOException {
        StringBuilder one = new StringBuilder();
        Taglines.tell(2000, 1, one, _ -> {});
        StringBuilder other = new StringBuilder();
        Taglines.tell(2000, 2, other, _ -> {});
        assertNotEquals(one.toString(), other.toString());
    }
}
