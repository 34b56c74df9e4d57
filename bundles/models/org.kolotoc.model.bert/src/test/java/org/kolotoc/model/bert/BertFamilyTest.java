package org.kolotoc.model.bert;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.model.bert.BertSettings.Head;
import org.kolotoc.model.bert.BertSettings.Pooling;
import org.kolotoc.nn.Activation;
import org.kolotoc.nn.TransformerBlock.Placement;
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

    @Test
    void nobodyLetsItGoOnFromAText() {
        Model model = family().create(settings(), Dimensions.of("vocab", 5));
        InputError e = assertThrows(InputError.class, () -> IncrementalModel.of(model));
        assertTrue(e.getMessage().contains("it reads to both sides"), e.getMessage());
    }

    static BertSettings bert(int heads, int firstPosition, Head head) {
        return bert(heads, firstPosition, head, Placement.POST, Pooling.FIRST);
    }

    static BertSettings bert(int heads, int firstPosition, Head head, Placement placement, Pooling pooling) {
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
                placement,
                0.05,
                head,
                pooling,
                head == Head.CLASSIFIER ? 3 : 0);
    }
}
