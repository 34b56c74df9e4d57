package org.kolotoc.sampler.text;

import java.util.Arrays;
import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.text.Tokenizer;

/**
 * Texts that a model goes on from, which knows no questions; each stands alone.
 *
 * @param room tokens that a text may have
 */
record Continued(Tokenizer tokenizer, ChatTokens.Cut cut, int room) implements Spoken {
    @Override
    public Prompt prompt(List<Exchange> before, String text) {
        int[] all = tokenizer.encode(text);
        if (all.length == 0) {
            throw InputError.of("there is nothing to go on from", "type at least one character");
        }
        int kept = Math.min(all.length, Math.max(1, room));
        int from = cut == ChatTokens.Cut.LEFT ? all.length - kept : 0;
        return new Prompt(Arrays.copyOfRange(all, from, from + kept), 0, all.length - kept);
    }

    @Override
    public boolean isEnd(int token) {
        return tokenizer.specials().containsValue(token);
    }

    @Override
    public String written(String text) {
        return text;
    }
}
