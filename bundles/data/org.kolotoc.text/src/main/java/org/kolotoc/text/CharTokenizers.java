package org.kolotoc.text;

import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
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
public final class CharTokenizers implements TokenizerFamily<CharSettings> {
    @Override
    public Class<CharSettings> settings() {
        return CharSettings.class;
    }

    @Override
    public Tokenizer fit(CharSettings settings, Text trainingText) {
        List<String> specials = settings.specials();
        if (specials.stream().anyMatch(String::isEmpty)
                || specials.stream().distinct().count() < specials.size()) {
            throw InputError.field("specials", "is " + specials + "; expected different names, none of them empty");
        }
        if (trainingText.length() == 0) {
            throw InputError.of(
                    "the training text is empty, so a vocabulary of characters can't be made from it",
                    "choose data with text");
        }
        return CharTokenizer.of(trainingText, specials);
    }

    @Override
    public Tokenizer restore(String state) {
        return CharTokenizer.restored(state);
    }
}
