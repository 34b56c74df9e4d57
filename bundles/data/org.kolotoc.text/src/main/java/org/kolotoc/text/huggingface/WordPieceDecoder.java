package org.kolotoc.text.huggingface;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.kolotoc.text.json.Faults;
import org.kolotoc.text.json.JsonPlace;

/**
 * How tokens become a text again: a blank before each, but for those that go on in a word.
 *
 * @param prefix of tokens that go on; empty where none do
 * @param cleanup whether English signs and contractions lose the blank before them
 */
record WordPieceDecoder(String prefix, boolean cleanup) {
    static WordPieceDecoder of(Optional<JsonPlace> decoder, Faults faults) {
        if (decoder.isEmpty()) {
            return new WordPieceDecoder("", false);
        }
        JsonPlace found = decoder.get();
        if (!found.get("type").text().equals("WordPiece")) {
            throw found.unknown("the decoder", "null or WordPiece");
        }
        faults.look(() -> found.only(Set.of("type", "prefix", "cleanup")));
        return new WordPieceDecoder(
                faults.of(() -> found.find("prefix").map(JsonPlace::text).orElse("##"))
                        .orElse(""),
                found.flag("cleanup", true, faults));
    }

    String decode(List<String> tokens) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            boolean goesOn = !prefix.isEmpty() && token.startsWith(prefix);
            String part = i == 0 ? token : goesOn ? token.substring(prefix.length()) : " " + token;
            text.append(cleanup ? cleaned(part) : part);
        }
        return text.toString();
    }

    private static String cleaned(String part) {
        return part.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" do not", " don't")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }
}
