package org.kolotoc.model.bert;

import java.util.stream.Stream;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.model.bert.BertSettings.Head;
import org.kolotoc.nn.Activation;
import org.kolotoc.tck.ModelFamilyConformance;
import org.kolotoc.tck.Refused;

class BertFamilyTest extends ModelFamilyConformance<BertSettings> {
    @Override
    protected ModelFamily<BertSettings> family() {
        return new BertFamily();
    }

    @Override
    protected BertSettings settings() {
        return bert(2, 0, Head.MASKED);
    }

    @Override
    protected Stream<Refused<BertSettings>> refused() {
        return Stream.of(new Refused<>(bert(3, 0, Head.MASKED), "heads"));
    }

    static BertSettings bert(int heads, int firstPosition, Head head) {
        return new BertSettings(
                1,
                heads,
                8,
                6,
                2,
                0,
                0.1,
                7,
                firstPosition,
                Activation.GELU_EXACT,
                1e-5,
                head,
                head == Head.CLASSIFIER ? 3 : 0);
    }
}
