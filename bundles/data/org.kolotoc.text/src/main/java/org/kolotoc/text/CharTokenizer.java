package org.kolotoc.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.text.json.JsonPlace;
import org.kolotoc.text.json.TextFile;

/** One token for each character (Unicode code point) of the training text, in ascending order, and special ones behind. */
final class CharTokenizer implements Tokenizer {
    private static final int SHOWN = 120;

    private final int[] characters;
    /** The token of each character of the basic plane, -1 for none. */
    private final int[] tokens = new int[1 << 16];

    private final Map<String, Integer> specials;
    private final List<String> names;

    /**
     * A vocabulary.
     *
     * @param characters ascending code points
     * @param names of tokens that stand for no text
     */
    private CharTokenizer(int[] characters, List<String> names) {
        this.characters = characters;
        this.names = List.copyOf(names);
        Map<String, Integer> named = new LinkedHashMap<>();
        names.forEach(name -> named.put(name, characters.length + named.size()));
        this.specials = Collections.unmodifiableMap(named);
        Arrays.fill(tokens, -1);
        for (int i = 0; i < characters.length && characters[i] < tokens.length; i++) {
            tokens[characters[i]] = i;
        }
    }

    /** The vocabulary of a text, with special tokens. */
    static CharTokenizer of(Text text, List<String> specials) {
        BitSet seen = new BitSet();
        for (String part : text) {
            for (int i = 0; i < part.length(); ) {
                int character = part.codePointAt(i);
                seen.set(character);
                i += Character.charCount(character);
            }
        }
        return new CharTokenizer(seen.stream().toArray(), specials);
    }

    /** One that had this {@link #state}. Characters ascend, so none begins as an object does. */
    static CharTokenizer restored(String state) {
        if (!state.startsWith("{\"")) {
            return of(Text.of(state), List.of());
        }
        JsonPlace json = JsonPlace.of(new TextFile("the tokenizer's state", state));
        return of(
                Text.of(json.get("characters").text()),
                json.get("specials").items().stream().map(JsonPlace::text).toList());
    }

    @Override
    public int vocab() {
        return characters.length + names.size();
    }

    @Override
    public Map<String, Integer> specials() {
        return specials;
    }

    @Override
    public int[] encode(String text) {
        return encode(text, new Place());
    }

    @Override
    public void encode(Text text, Consumer<int[]> out) {
        Place place = new Place();
        for (String part : text) {
            out.accept(encode(part, place));
        }
    }

    /** Any character ends a token. */
    @Override
    public int cut(CharSequence beginning) {
        return beginning.length();
    }

    /** @param place of the part in its text; moved to its end */
    private int[] encode(String part, Place place) {
        int[] encoded = new int[part.codePointCount(0, part.length())];
        int at = 0;
        for (int i = 0; i < encoded.length; i++) {
            int character = part.codePointAt(at);
            encoded[i] = character < tokens.length ? tokens[character] : Arrays.binarySearch(characters, character);
            if (encoded[i] < 0) {
                place.read(part, at);
                throw unknown(place, character);
            }
            at += Character.charCount(character);
        }
        place.read(part, at);
        return encoded;
    }

    /** How far a text was read, in characters. */
    private static final class Place {
        private long offset;
        private long line = 1;
        private long column = 1;

        void read(String part, int length) {
            int begin = 0;
            for (int end = part.indexOf('\n'); end >= 0 && end < length; end = part.indexOf('\n', begin)) {
                line++;
                column = 1;
                offset += part.codePointCount(begin, end + 1);
                begin = end + 1;
            }
            int rest = part.codePointCount(begin, length);
            offset += rest;
            column += rest;
        }
    }

    private InputError unknown(Place place, int character) {
        String vocabulary = new String(characters, 0, Math.min(SHOWN, characters.length));
        return InputError.of(
                "character " + quoted(character) + " (" + String.format("U+%04X", character) + ") at offset "
                        + place.offset + ", line " + place.line + ", column " + place.column
                        + " is not in the vocabulary of " + characters.length + " characters: " + escaped(vocabulary)
                        + (characters.length > SHOWN ? "..." : ""),
                "leave the character out, train on text that has it, or use the tokenizer \"byte\"");
    }

    private static String quoted(int character) {
        return "'" + escaped(Character.toString(character)) + "'";
    }

    private static String escaped(String text) {
        return text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r");
    }

    @Override
    public String decode(int[] tokens) {
        StringBuilder text = new StringBuilder(tokens.length);
        for (int token : tokens) {
            if (token < 0 || token >= vocab()) {
                throw new IllegalArgumentException("token " + token + " is not in [0, " + vocab() + ")");
            }
            if (token < characters.length) {
                text.appendCodePoint(characters[token]);
            } else {
                text.append(names.get(token - characters.length));
            }
        }
        return text.toString();
    }

    /** The vocabulary itself; with the names of special tokens an object of both. */
    @Override
    public String state() {
        String own = new String(characters, 0, characters.length);
        if (names.isEmpty()) {
            return own;
        }
        JsonObject state = new JsonObject();
        state.addProperty("characters", own);
        JsonArray named = new JsonArray();
        names.forEach(named::add);
        state.add("specials", named);
        return state.toString();
    }
}
