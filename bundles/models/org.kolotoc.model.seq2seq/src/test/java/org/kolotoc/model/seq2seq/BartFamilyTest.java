package org.kolotoc.model.seq2seq;

import java.util.Map;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.tck.ModelFamilyConformance;

/** The other style, with a head of its own. */
class BartFamilyTest extends ModelFamilyConformance<Seq2SeqSettings> {
    @Override
    protected ModelFamily<Seq2SeqSettings> family() {
        return new Seq2SeqFamily();
    }

    @Override
    protected Seq2SeqSettings settings() {
        return T5FamilyTest.bart();
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 2, "from", 4, "time", 3);
    }
}
