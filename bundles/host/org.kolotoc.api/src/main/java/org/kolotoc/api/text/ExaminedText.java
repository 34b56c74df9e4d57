package org.kolotoc.api.text;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dimensions;

/** A text, and gaps that are asked for. */
record ExaminedText(TextDataset data, List<Choice> choices) implements ChoiceDataset {
    @Override
    public Tokenizer tokenizer() {
        return data.tokenizer();
    }

    @Override
    public Text text(String split) {
        return data.text(split);
    }

    @Override
    public Dimensions dimensions() {
        return data.dimensions();
    }

    @Override
    public List<String> splits() {
        return data.splits();
    }

    @Override
    public Batches batches(String split, Map<String, Integer> axes, long seed) {
        return data.batches(split, axes, seed);
    }

    @Override
    public Held held() {
        return data.held();
    }
}
