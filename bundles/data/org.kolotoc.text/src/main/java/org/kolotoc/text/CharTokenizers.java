package org.kolotoc.text;

import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;
import org.osgi.service.component.annotations.Component;

/** The seat of tokenizers that read characters. */
@Component
@Seat(
        kind = Seat.TOKENIZER,
        id = "char",
        summary = "one token a character; the vocabulary is that of the training text")
public final class CharTokenizers implements TokenizerFamily<Settings.None> {
    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public Tokenizer fit(Settings.None settings, Text trainingText) {
        if (trainingText.length() == 0) {
            throw InputError.of(
                    "the training text is empty, so a vocabulary of characters can't be made from it",
                    "choose data with text");
        }
        return CharTokenizer.of(trainingText);
    }

    @Override
    public Tokenizer restore(String state) {
        return CharTokenizer.of(Text.of(state));
    }
}
