package org.kolotoc.text.bpe;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Seat;
import org.kolotoc.api.checkpoint.ForeignTokenizers;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerContext;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.text.bpe.Vocabulary.Merge;
import org.kolotoc.text.json.JsonPlace;
import org.kolotoc.text.json.TextFile;
import org.osgi.service.component.annotations.Component;

/** The seat of byte-level byte-pair encoding that is learned from the training text, see {@link Trainer}. */
@Component(service = TokenizerFamily.class)
@Seat(
        kind = Seat.TOKENIZER,
        id = "bpe",
        summary = "byte-level byte-pair encoding, learned from the training text; reads any text")
public final class BpeTokenizers implements TokenizerFamily<BpeSettings>, ForeignTokenizers<BpeSettings> {
    @Override
    public Class<BpeSettings> settings() {
        return BpeSettings.class;
    }

    @Override
    public Tokenizer fit(BpeSettings settings, Text trainingText) {
        return fit(settings, trainingText, Path::of);
    }

    @Override
    public Tokenizer fit(BpeSettings settings, Text trainingText, TokenizerContext context) {
        check(settings);
        int most = settings.vocab() - Trainer.BYTES - settings.specials().size();
        List<Merge> merges = Trainer.learn(
                trainingText,
                settings.split(),
                most,
                settings.minFrequency(),
                (done, all) -> context.reached("learning pairs", done, all));
        if (merges.size() < most) {
            context.ledger()
                    .note(
                            Ledger.Kind.TRUNCATED,
                            "vocab",
                            "of " + most + " pairs that " + settings.vocab()
                                    + " tokens leave room for, the training text has "
                                    + merges.size() + " that occur " + settings.minFrequency()
                                    + " times or more: there are "
                                    + (settings.vocab() - most + merges.size()) + " tokens");
        }
        return tokenizer(settings.split(), merges, settings.specials(), settings.encodeSpecials());
    }

    private static void check(BpeSettings settings) {
        List<String> specials = settings.specials();
        if (settings.vocab() < Trainer.BYTES + specials.size()) {
            throw InputError.field(
                    "vocab",
                    "is " + settings.vocab() + "; expected at least " + (Trainer.BYTES + specials.size())
                            + ", for 256 bytes and " + specials.size() + " special tokens");
        }
        if (specials.stream().anyMatch(String::isEmpty)
                || specials.stream().distinct().count() < specials.size()) {
            throw InputError.field("specials", "is " + specials + "; expected different names, none of them empty");
        }
    }

    private static Tokenizer tokenizer(Split split, List<Merge> merges, List<String> specials, boolean encodeSpecials) {
        byte[][] tokens = tokens(merges);
        Map<String, Integer> named = new LinkedHashMap<>();
        specials.forEach(name -> named.put(name, tokens.length + named.size()));
        Tokenizer plain = new ByteLevelTokenizer(
                split,
                Vocabulary.ofMerges(tokens, merges, false),
                named,
                state(split, merges, specials, encodeSpecials));
        return encodeSpecials ? NamedTokens.ofSpecials(plain) : plain;
    }

    private static byte[][] tokens(List<Merge> merges) {
        byte[][] tokens = new byte[Trainer.BYTES + merges.size()][];
        for (int i = 0; i < Trainer.BYTES; i++) {
            tokens[i] = new byte[] {(byte) i};
        }
        merges.forEach(merge -> tokens[merge.token()] = joined(tokens[merge.left()], tokens[merge.right()]));
        return tokens;
    }

    private static byte[] joined(byte[] left, byte[] right) {
        byte[] both = new byte[left.length + right.length];
        System.arraycopy(left, 0, both, 0, left.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    private static String state(Split split, List<Merge> merges, List<String> specials, boolean encodeSpecials) {
        JsonObject state = new JsonObject();
        state.addProperty("split", split.name().toLowerCase(Locale.ROOT));
        JsonArray pairs = new JsonArray();
        merges.forEach(merge -> {
            JsonArray pair = new JsonArray();
            pair.add(merge.left());
            pair.add(merge.right());
            pairs.add(pair);
        });
        state.add("merges", pairs);
        JsonArray names = new JsonArray();
        specials.forEach(names::add);
        state.add("specials", names);
        state.addProperty("encodeSpecials", encodeSpecials);
        return state.toString();
    }

    /** What a state says. */
    private record Learned(Split split, List<Merge> merges, List<String> specials, boolean encodeSpecials) {
        static Learned of(String state) {
            JsonPlace json = JsonPlace.of(new TextFile("the tokenizer's state", state));
            List<Merge> merges = new ArrayList<>();
            json.get("merges").items().forEach(pair -> {
                int token = Trainer.BYTES + merges.size();
                int[] both = pair.items().stream().mapToInt(JsonPlace::integer).toArray();
                if (both.length != 2 || both[0] >= token || both[1] >= token) {
                    throw pair.unknown("a pair", "two tokens below " + token);
                }
                merges.add(new Merge(both[0], both[1], token));
            });
            return new Learned(
                    BpeTokenizers.split(json.get("split")),
                    merges,
                    json.get("specials").items().stream().map(JsonPlace::text).toList(),
                    json.flag("encodeSpecials", false));
        }
    }

    @Override
    public Tokenizer restore(String state) {
        Learned learned = Learned.of(state);
        return tokenizer(learned.split(), learned.merges(), learned.specials(), learned.encodeSpecials());
    }

    @Override
    public Optional<Files<BpeSettings>> reads() {
        return Optional.empty();
    }

    @Override
    public Map<String, byte[]> write(String state) {
        Learned learned = Learned.of(state);
        return PairFile.of(learned.split(), tokens(learned.merges()), learned.merges(), learned.specials());
    }

    private static Split split(JsonPlace name) {
        try {
            return Split.valueOf(name.text().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            throw name.unknown("the split", List.of(Split.values()).toString());
        }
    }
}
