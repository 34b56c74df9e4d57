package org.kolotoc.text.json;

import com.google.gson.JsonElement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A vocabulary: a JSON object of tokens with their numbers.
 *
 * @param numbers by what a token looks like
 * @param texts what tokens look like, by number; null where a number is no token
 */
public record NumberedTokens(Map<String, Integer> numbers, String[] texts) {
    /** More than any published vocabulary has. */
    private static final int MOST = 1 << 24;

    /**
     * Reads one.
     *
     * @throws org.kolotoc.api.InputError when two have a number, or one has none that is possible
     */
    public static NumberedTokens of(JsonPlace vocabulary) {
        Map<String, JsonElement> fields = vocabulary.members();
        Map<String, Integer> numbers = HashMap.newHashMap(fields.size());
        String[] texts = new String[fields.size()];
        int most = 0;
        for (Map.Entry<String, JsonElement> field : fields.entrySet()) {
            // A place is made only of a number that is wrong: there may be hundreds of thousands.
            int number = JsonPlace.integer(field.getValue())
                    .orElseGet(() ->
                            vocabulary.below(field.getKey(), field.getValue()).integer());
            if (number >= MOST) {
                throw vocabulary.wrong(
                        "gives \"" + field.getKey() + "\" the number " + number + "; expected one below " + MOST,
                        "get the file again");
            }
            if (number >= texts.length) {
                texts = Arrays.copyOf(texts, Math.max(number + 1, Math.min(MOST, 2 * texts.length)));
            }
            if (texts[number] != null) {
                throw vocabulary.wrong(
                        "gives \"" + field.getKey() + "\" the number " + number + ", which \"" + texts[number]
                                + "\" has",
                        "get the file again");
            }
            texts[number] = field.getKey();
            numbers.put(field.getKey(), number);
            most = Math.max(most, number + 1);
        }
        return new NumberedTokens(numbers, Arrays.copyOf(texts, most));
    }
}
