package org.kolotoc.sampler.text;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Model;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.EncoderDecoder;
import org.kolotoc.api.text.Tokenizer;
import org.osgi.service.component.annotations.Component;

/** The seat of text that a language model writes: it continues prompts, several side by side. */
@Component
@Seat(kind = Seat.SAMPLER, id = "text", summary = "a language model continues prompts, or answers them, token by token")
public final class TextSampler implements Sampler<TextSettings> {
    static final String MODEL = "model";

    /** A model that goes on from what it reads, or that reads one text and writes another. */
    private static final String WRITING =
            "i32 tokens[batch,time]?; i32 source[batch,from]?; i32 target[batch,time]? -> f32 logits[batch,time,vocab]";

    @Override
    public Class<TextSettings> settings() {
        return TextSettings.class;
    }

    @Override
    public Needs needs(TextSettings settings) {
        return Needs.none().model(MODEL, WRITING).data("");
    }

    @Override
    public Sampling prepare(TextSettings settings, ProgramContext context) {
        List<int[]> prompts = new ArrayList<>();
        if (settings.prompts().isEmpty()) {
            prompts.add(encoded(context.tokenizer(), settings.prompt(), "prompt"));
        }
        for (int i = 0; i < settings.prompts().size(); i++) {
            prompts.add(encoded(context.tokenizer(), settings.prompts().get(i), "prompts[" + i + "]"));
        }
        tell(settings, prompts, context);
        return new Writing(settings, context, List.copyOf(prompts));
    }

    /** What of the settings does not do what one may think. */
    private static void tell(TextSettings settings, List<int[]> prompts, ProgramContext context) {
        Ledger ledger = context.ledger();
        settings.decoder().tell(context.tokenizer().vocab(), ledger.below("decoder"));
        boolean several = !settings.prompts().isEmpty();
        if (several && !settings.prompt().equals(TextSettings.PROMPT)) {
            ledger.note(Ledger.Kind.NO_EFFECT, "prompt", "\"prompts\" are given, which stand in its place");
        }
        Model model = context.model(MODEL);
        int limit = model.limits().getOr(model instanceof EncoderDecoder ? "from" : "time", Integer.MAX_VALUE);
        for (int i = 0; i < prompts.size(); i++) {
            tellCut(ledger, several ? "prompts[" + i + "]" : "prompt", prompts.get(i).length, limit);
        }
    }

    /** Notes a prompt that is longer than what a model sees. */
    static void tellCut(Ledger ledger, String field, int length, int limit) {
        if (length > limit) {
            ledger.note(
                    Ledger.Kind.TRUNCATED,
                    field,
                    "it has " + length + " tokens, of which the model sees the last " + limit);
        }
    }

    /** Tokens of a prompt, at least one. */
    static int[] encoded(Tokenizer tokenizer, String prompt, String field) {
        int[] tokens;
        try {
            tokens = tokenizer.encode(prompt);
        } catch (InputError e) {
            throw InputError.field(field, e.getMessage() + "; " + e.next());
        }
        if (tokens.length == 0) {
            throw InputError.field(field, "is empty; expected at least one token to go on from");
        }
        return tokens;
    }
}
