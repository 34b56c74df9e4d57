package org.kolotoc.eval.image;

import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.tck.ModelFamilyConformance;

/** Sizes that can't be halved will do. */
class JudgeTest extends ModelFamilyConformance<JudgeSettings> {
    @Override
    protected ModelFamily<JudgeSettings> family() {
        return new Judge();
    }

    @Override
    protected JudgeSettings settings() {
        return new JudgeSettings(2, 5);
    }

    @Override
    protected Dimensions dimensions() {
        return new Dimensions(Map.of("channel", 3, "height", 5, "width", 7, "class", 4, "feature", 5));
    }
}
