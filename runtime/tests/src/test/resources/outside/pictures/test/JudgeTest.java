package pictures;

import java.util.List;
import org.kolotoc.api.*;
import org.kolotoc.api.image.Pictures;
import org.kolotoc.tck.MetricConformance;

class JudgeTest extends MetricConformance<Judge.Effort> {
    protected Metric<Judge.Effort> metric() {
        return new Judge();
    }

    protected Judge.Effort settings() {
        return new Judge.Effort(20, 8);
    }

    protected String id() {
        return "glyph-judge";
    }

    protected Dataset data() {
        return GlyphsTest.few();
    }

    protected List<Sample> high() {
        return List.of(heldOut().shuffled(1).grid(4), heldOut().constant().grid(4));
    }

    protected List<Sample> low() {
        return List.of(heldOut().grid(4));
    }

    private Pictures heldOut() {
        return Glyphs.pictures(data().first("validation", 16).get("pixels"));
    }
}
