package org.kolotoc.text.bpe;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerContext;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.text.json.JsonPlace;
import org.kolotoc.text.json.TextFile;
import org.osgi.service.component.annotations.Component;

/** The seat of tokenizers in rank files, the form of OpenAI's tiktoken: a token in base64 and its rank on each line. */
@Component
@Seat(
        kind = Seat.TOKENIZER,
        id = "tiktoken",
        summary = "byte-level byte-pair encoding in a rank file: r50k_base, p50k_base, cl100k_base, o200k_base")
public final class TiktokenTokenizers implements TokenizerFamily<TiktokenSettings> {
    private static final String END_OF_TEXT = "<|endoftext|>";
    private static final String END_OF_PROMPT = "<|endofprompt|>";

    /** What a rank file does not say. */
    private record Encoding(Split split, Map<String, Integer> specials) {
        private Encoding {
            specials = Collections.unmodifiableMap(new TreeMap<>(specials));
        }
    }

    private static final Map<String, Encoding> ENCODINGS = new TreeMap<>(Map.of(
            "r50k_base", new Encoding(Split.GPT2, Map.of(END_OF_TEXT, 50_256)),
            "p50k_base", new Encoding(Split.GPT2, Map.of(END_OF_TEXT, 50_256)),
            "cl100k_base",
                    new Encoding(
                            Split.CL100K,
                            Map.of(
                                    END_OF_TEXT,
                                    100_257,
                                    "<|fim_prefix|>",
                                    100_258,
                                    "<|fim_middle|>",
                                    100_259,
                                    "<|fim_suffix|>",
                                    100_260,
                                    END_OF_PROMPT,
                                    100_276)),
            "o200k_base", new Encoding(Split.O200K, Map.of(END_OF_TEXT, 199_999, END_OF_PROMPT, 200_018))));

    /** More than any published file has. */
    private static final int MOST = 1 << 24;

    @Override
    public Class<TiktokenSettings> settings() {
        return TiktokenSettings.class;
    }

    @Override
    public Tokenizer fit(TiktokenSettings settings, Text trainingText) {
        return fit(settings, trainingText, Path::of);
    }

    @Override
    public Tokenizer fit(TiktokenSettings settings, Text trainingText, TokenizerContext context) {
        if (!ENCODINGS.containsKey(settings.encoding())) {
            throw InputError.field(
                    "encoding",
                    "is \"" + settings.encoding() + "\"; expected one of " + String.join(", ", ENCODINGS.keySet()));
        }
        String file = settings.file().isEmpty() ? settings.encoding() + ".tiktoken" : settings.file();
        return tokenizer(settings.encoding(), TextFile.of(context.file(file)), settings.encodeSpecials());
    }

    private static Tokenizer tokenizer(String name, TextFile file, boolean encodeSpecials) {
        Encoding encoding = ENCODINGS.get(name);
        byte[][] tokens = tokens(file);
        for (Map.Entry<String, Integer> special : encoding.specials().entrySet()) {
            if (special.getValue() < tokens.length && tokens[special.getValue()] != null) {
                throw InputError.of(
                        file.name() + " has a token of rank " + special.getValue() + ", which is " + special.getKey()
                                + " in " + name,
                        "see that file and encoding belong together");
            }
        }
        JsonObject head = new JsonObject();
        head.addProperty("encoding", name);
        head.addProperty("encodeSpecials", encodeSpecials);
        Tokenizer plain = new ByteLevelTokenizer(
                encoding.split(), Vocabulary.ofRanks(tokens), encoding.specials(), head + "\n" + file.text());
        return encodeSpecials ? NamedTokens.ofSpecials(plain) : plain;
    }

    private static byte[][] tokens(TextFile file) {
        List<String> lines = file.lines();
        byte[][] tokens = new byte[lines.size()][];
        int most = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            int space = lines.get(i).indexOf(' ');
            byte[] bytes;
            int rank;
            try {
                bytes = Base64.getDecoder().decode(lines.get(i).substring(0, Math.max(0, space)));
                rank = Integer.parseInt(lines.get(i).substring(space + 1).strip());
            } catch (IllegalArgumentException _) {
                throw wrong(file, i, lines.get(i), "a token in base64, a space and its rank");
            }
            if (bytes.length == 0 || rank < 0 || rank >= MOST) {
                throw wrong(file, i, lines.get(i), "a token of a byte or more, and a rank from 0 to " + (MOST - 1));
            }
            if (rank >= tokens.length) {
                tokens = Arrays.copyOf(tokens, Math.max(rank + 1, Math.min(MOST, 2 * tokens.length)));
            }
            if (tokens[rank] != null) {
                throw wrong(file, i, lines.get(i), "a rank that no line before has");
            }
            tokens[rank] = bytes;
            most = Math.max(most, rank + 1);
        }
        return Arrays.copyOf(tokens, most);
    }

    private static InputError wrong(TextFile file, int index, String line, String expected) {
        String shown = line.length() <= 60 ? line : line.substring(0, 60) + "...";
        return file.wrong(index + 1, "is \"" + shown + "\"; expected " + expected, "get the file again");
    }

    @Override
    public Tokenizer restore(String state) {
        int end = Math.max(0, state.indexOf('\n'));
        JsonPlace head = JsonPlace.of(new TextFile("the tokenizer's state", state.substring(0, end)));
        JsonPlace encoding = head.get("encoding");
        if (!ENCODINGS.containsKey(encoding.text())) {
            throw encoding.unknown("the encoding", "one of " + ENCODINGS.keySet());
        }
        return tokenizer(
                encoding.text(),
                new TextFile("the ranks in the tokenizer's state", state.substring(end + 1)),
                head.flag("encodeSpecials", false));
    }
}
