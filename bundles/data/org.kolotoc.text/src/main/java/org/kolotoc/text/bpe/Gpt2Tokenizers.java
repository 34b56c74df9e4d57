package org.kolotoc.text.bpe;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Seat;
import org.kolotoc.api.checkpoint.ForeignTokenizers;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerContext;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.text.json.Faults;
import org.kolotoc.text.json.JsonPlace;
import org.kolotoc.text.json.NumberedTokens;
import org.kolotoc.text.json.TextFile;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of tokenizers in the two files of GPT-2, also called {@code encoder.json} and {@code vocab.bpe}. What no byte and no
 * pair gives is a special token.
 */
@Component(service = TokenizerFamily.class)
@Seat(
        kind = Seat.TOKENIZER,
        id = "gpt2",
        summary = "byte-level byte-pair encoding in the files of GPT-2, vocab.json and merges.txt")
public final class Gpt2Tokenizers implements TokenizerFamily<Gpt2Settings>, ForeignTokenizers<Gpt2Settings> {
    private static final String VOCAB = "vocab.json";
    private static final String MERGES = "merges.txt";

    @Override
    public Class<Gpt2Settings> settings() {
        return Gpt2Settings.class;
    }

    @Override
    public Tokenizer fit(Gpt2Settings settings, Text trainingText) {
        return fit(settings, trainingText, Path::of);
    }

    @Override
    public Tokenizer fit(Gpt2Settings settings, Text trainingText, TokenizerContext context) {
        return tokenizer(
                JsonPlace.of(TextFile.of(context.file(settings.vocab()))),
                TextFile.of(context.file(settings.merges())),
                settings.encodeSpecials());
    }

    private static Tokenizer tokenizer(JsonPlace vocab, TextFile merges, boolean encodeSpecials) {
        Faults tokens = new Faults(vocab.file());
        MergeTable table = new MergeTable(NumberedTokens.of(vocab, tokens));
        Faults pairs = new Faults(merges.name());
        List<String> lines = merges.lines();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank() || i == 0 && lines.get(i).startsWith("#version")) {
                continue;
            }
            int line = i + 1;
            String text = lines.get(i);
            pairs.look(() -> {
                String[] pair = text.split(" ", -1);
                if (pair.length != 2) {
                    throw merges.wrong(
                            line,
                            "is \"" + text + "\"; expected two tokens with a space between",
                            "get the file again");
                }
                table.add(pair[0], pair[1], (what, next) -> merges.wrong(line, what, next));
            });
        }
        if (tokens.none()) {
            pairs.refuse();
        }
        tokens.addAll(pairs);
        tokens.refuse();
        JsonObject state = new JsonObject();
        state.addProperty("encodeSpecials", encodeSpecials);
        state.add("vocab", vocab.value());
        state.addProperty("merges", merges.text());
        Tokenizer plain =
                new ByteLevelTokenizer(Split.GPT2, table.vocabulary(false), table.specials(), state.toString());
        return encodeSpecials ? NamedTokens.ofSpecials(plain) : plain;
    }

    @Override
    public Tokenizer restore(String state) {
        JsonPlace json = JsonPlace.of(new TextFile("the tokenizer's state", state));
        return tokenizer(
                json.get("vocab"),
                new TextFile(
                        "the merges in the tokenizer's state",
                        json.get("merges").text()),
                json.flag("encodeSpecials", false));
    }

    @Override
    public Optional<Files<Gpt2Settings>> reads() {
        return Optional.of(new Files<>(List.of(VOCAB, MERGES), new Gpt2Settings(VOCAB, MERGES, false)));
    }

    @Override
    public Map<String, byte[]> write(String state) {
        JsonPlace json = JsonPlace.of(new TextFile("the tokenizer's state", state));
        return Map.of(
                VOCAB, json.get("vocab").value().toString().getBytes(StandardCharsets.UTF_8),
                MERGES, json.get("merges").text().getBytes(StandardCharsets.UTF_8));
    }
}
