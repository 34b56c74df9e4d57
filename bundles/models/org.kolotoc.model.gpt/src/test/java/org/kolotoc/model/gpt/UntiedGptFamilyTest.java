package org.kolotoc.model.gpt;

import org.kolotoc.api.ModelFamily;
import org.kolotoc.tck.ModelFamilyConformance;

/** The other choice at every switch. */
class UntiedGptFamilyTest extends ModelFamilyConformance<GptSettings> {
    @Override
    protected ModelFamily<GptSettings> family() {
        return new GptFamily();
    }

    @Override
    protected GptSettings settings() {
        return new GptSettings(1, 3, 6, 5, 2, 0.5, false, false, false);
    }

    /** GPT-2 has biases everywhere. */
    @Override
    protected boolean written() {
        return false;
    }
}
