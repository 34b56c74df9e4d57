package org.kolotoc.phase.pretrain;

import org.kolotoc.phase.pretrain.objective.InfillFamily;
import org.kolotoc.phase.pretrain.objective.InfillSettings;
import org.kolotoc.phase.pretrain.objective.Objective;

/** Texts that are written of what masks leave, in all ways that they are spoiled at once. */
class InfillPretrainTest extends SpanPretrainTest {
    @Override
    Objective objective() {
        return new InfillFamily().create(new InfillSettings(0.3, 3, 0.1, ".", "", ""));
    }
}
