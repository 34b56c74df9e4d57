package org.kolotoc.api.text;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Text that somebody can be examined in: it has gaps that are not in its training part as they are. */
@ConsumerType
public interface ChoiceDataset extends TextDataset {
    /** All gaps, in an order that stays; those of a kind one after the other. */
    List<Choice> choices();

    /** A text, and gaps that are asked for. */
    static ChoiceDataset of(TextDataset text, List<Choice> choices) {
        return new ExaminedText(text, List.copyOf(choices));
    }
}
