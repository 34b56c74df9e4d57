package org.kolotoc.sampler.text;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Tokenizer;

/**
 * Where a text ends before it is as long as it may be.
 *
 * @param strings that are no part of it
 * @param tokens that are such a string alone: nothing is written behind one
 */
record Stops(List<String> strings, Set<Integer> tokens) {
    /** @throws InputError naming the field, when one is empty or the tokenizer can never write it */
    static Stops of(List<String> strings, Tokenizer tokenizer) {
        Set<Integer> tokens = new HashSet<>();
        for (int i = 0; i < strings.size(); i++) {
            String field = "stop[" + i + "]";
            if (strings.get(i).isEmpty()) {
                throw InputError.field(field, "is empty; expected at least one character");
            }
            Integer special = tokenizer.specials().get(strings.get(i));
            if (special != null) {
                tokens.add(special);
                continue;
            }
            try {
                int[] encoded = tokenizer.encode(strings.get(i));
                if (encoded.length == 1) {
                    tokens.add(encoded[0]);
                }
            } catch (InputError e) {
                throw InputError.field(field, e.getMessage());
            }
        }
        return new Stops(strings, tokens);
    }

    boolean isEnd(int token) {
        return tokens.contains(token);
    }

    /** What comes before the first of them. */
    String cut(String text) {
        int end = text.length();
        for (String stop : strings) {
            int found = text.indexOf(stop);
            end = found < 0 ? end : Math.min(end, found);
        }
        return text.substring(0, end);
    }

    /** How much of a text that goes on comes before all of them, whatever follows. */
    int sure(String text) {
        String before = cut(text);
        int sure = before.length();
        for (String stop : strings) {
            for (int from = Math.max(0, before.length() - stop.length() + 1); from < sure; from++) {
                if (stop.startsWith(before.substring(from))) {
                    sure = from;
                }
            }
        }
        return sure;
    }
}
