package org.kolotoc.phase.pretrain.objective;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Tokenizer;

/** Special tokens of the experiment's tokenizer, by name. */
record Named(Tokenizer tokenizer) {
    /**
     * A token.
     *
     * @param field of the objective that names it
     * @param name as the settings have it; empty for the first of the usual ones that there is
     */
    int token(String field, String name, List<String> usual) {
        Map<String, Integer> there = tokenizer.specials();
        List<String> asked = name.isEmpty() ? usual : List.of(name);
        return asked.stream()
                .filter(there::containsKey)
                .map(there::get)
                .findFirst()
                .orElseThrow(() -> InputError.field(
                        "objective." + field,
                        "the tokenizer has no token " + (name.isEmpty() ? "named one of " + usual : "'" + name + "'")
                                + ", only the special tokens " + there.keySet()
                                + "; expected its name, or a tokenizer that has it: \"tokenizer\": {\"id\": \"char\","
                                + " \"specials\": [\"" + asked.getFirst() + "\"]}"));
    }
}
