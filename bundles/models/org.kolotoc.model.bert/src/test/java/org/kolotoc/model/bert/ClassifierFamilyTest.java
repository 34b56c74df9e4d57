package org.kolotoc.model.bert;

import org.kolotoc.api.ModelFamily;
import org.kolotoc.model.bert.BertSettings.Head;
import org.kolotoc.tck.ModelFamilyConformance;

/** Positions that count present tokens, and classes of the whole. */
class ClassifierFamilyTest extends ModelFamilyConformance<BertSettings> {
    @Override
    protected ModelFamily<BertSettings> family() {
        return new BertFamily();
    }

    @Override
    protected BertSettings settings() {
        return BertFamilyTest.bert(2, 2, Head.CLASSIFIER);
    }
}
