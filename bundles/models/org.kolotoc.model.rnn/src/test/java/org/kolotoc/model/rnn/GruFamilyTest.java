package org.kolotoc.model.rnn;

import org.kolotoc.api.ModelFamily;
import org.kolotoc.tck.ModelFamilyConformance;

class GruFamilyTest extends ModelFamilyConformance<RnnSettings> {
    @Override
    protected ModelFamily<RnnSettings> family() {
        return new RnnFamily();
    }

    @Override
    protected RnnSettings settings() {
        return new RnnSettings(RnnSettings.Cell.GRU, 2, 6, 9, 0, false);
    }
}
