package org.kolotoc.text.huggingface;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Seat;
import org.kolotoc.api.checkpoint.ForeignTokenizers;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerContext;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.text.json.JsonPlace;
import org.kolotoc.text.json.TextFile;
import org.osgi.service.component.annotations.Component;

/** The seat of tokenizers in a {@code tokenizer.json}, see {@link TokenizerFile}. */
@Component(service = TokenizerFamily.class)
@Seat(
        kind = Seat.TOKENIZER,
        id = "huggingface",
        summary = "what a tokenizer.json says: byte-level byte-pair encoding or WordPiece")
public final class HuggingFaceTokenizers
        implements TokenizerFamily<HuggingFaceSettings>, ForeignTokenizers<HuggingFaceSettings> {
    private static final String FILE = "tokenizer.json";

    @Override
    public Class<HuggingFaceSettings> settings() {
        return HuggingFaceSettings.class;
    }

    @Override
    public Tokenizer fit(HuggingFaceSettings settings, Text trainingText) {
        return fit(settings, trainingText, Path::of);
    }

    @Override
    public Tokenizer fit(HuggingFaceSettings settings, Text trainingText, TokenizerContext context) {
        JsonPlace file = JsonPlace.of(TextFile.of(context.file(settings.file())));
        Tokenizer tokenizer = tokenizer(file, settings.addSpecialTokens(), settings.encodeSpecials());
        file.find("padding")
                .ifPresent(padding -> context.ledger()
                        .note(
                                Ledger.Kind.NO_EFFECT,
                                "file",
                                file.file() + ": " + padding.path()
                                        + " fills the rows of a batch, which is not done here"));
        return tokenizer;
    }

    private static Tokenizer tokenizer(JsonPlace file, boolean addSpecialTokens, boolean encodeSpecials) {
        JsonObject state = new JsonObject();
        state.addProperty("addSpecialTokens", addSpecialTokens);
        state.addProperty("encodeSpecials", encodeSpecials);
        state.add("tokenizer", file.value());
        return new TokenizerFile(file, state.toString()).tokenizer(addSpecialTokens, encodeSpecials);
    }

    @Override
    public Tokenizer restore(String state) {
        JsonPlace json = JsonPlace.of(new TextFile("the tokenizer's state", state));
        return tokenizer(
                json.get("tokenizer"), json.flag("addSpecialTokens", false), json.flag("encodeSpecials", false));
    }

    @Override
    public Optional<Files<HuggingFaceSettings>> reads() {
        return Optional.of(new Files<>(List.of(FILE), new HuggingFaceSettings(FILE, false, false)));
    }

    @Override
    public Map<String, byte[]> write(String state) {
        JsonPlace json = JsonPlace.of(new TextFile("the tokenizer's state", state));
        return Map.of(FILE, json.get("tokenizer").value().toString().getBytes(StandardCharsets.UTF_8));
    }
}
