package org.kolotoc.text.huggingface;

import java.util.Map;
import org.kolotoc.api.text.Tokenizer;

/** A text begins with a space, whether it does or not; decoding gives that space too. */
record PrefixSpace(Tokenizer tokenizer) implements Tokenizer {
    @Override
    public int vocab() {
        return tokenizer.vocab();
    }

    @Override
    public int[] gaps() {
        return tokenizer.gaps();
    }

    @Override
    public Map<String, Integer> specials() {
        return tokenizer.specials();
    }

    @Override
    public int[] encode(String text) {
        return tokenizer.encode(text.isEmpty() || text.startsWith(" ") ? text : " " + text);
    }

    /** Only before a space: there the rest gets none. */
    @Override
    public int cut(CharSequence beginning) {
        int cut = tokenizer.cut(beginning);
        while (cut > 0 && (cut == beginning.length() || beginning.charAt(cut) != ' ')) {
            int before = tokenizer.cut(beginning.subSequence(0, cut));
            cut = before < cut ? before : 0;
        }
        return cut;
    }

    @Override
    public String decode(int[] tokens) {
        return tokenizer.decode(tokens);
    }

    @Override
    public String state() {
        return tokenizer.state();
    }
}
