package org.kolotoc.model.rnn;

import org.kolotoc.api.ModelFamily;
import org.kolotoc.tck.ModelFamilyConformance;

/** The other choice at every switch. */
class LstmFamilyTest extends ModelFamilyConformance<RnnSettings> {
    @Override
    protected ModelFamily<RnnSettings> family() {
        return new RnnFamily();
    }

    @Override
    protected RnnSettings settings() {
        return new RnnSettings(RnnSettings.Cell.LSTM, 1, 5, 8, 0.3, true, RnnSettings.Head.SCALAR);
    }
}
