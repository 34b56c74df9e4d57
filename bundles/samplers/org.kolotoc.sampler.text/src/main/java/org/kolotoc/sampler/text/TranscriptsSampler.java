package org.kolotoc.sampler.text;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Seat;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of several models that answer the same questions, such as one model after each of its phases. A sample is a {@link
 * org.kolotoc.api.chat.Transcript}: a question with the answer of each.
 */
@Component
@Seat(kind = Seat.SAMPLER, id = "transcripts", summary = "several models answer the same questions, side by side")
public final class TranscriptsSampler implements Sampler<TranscriptsSettings> {
    static final String HELD_OUT = "validation";

    @Override
    public Class<TranscriptsSettings> settings() {
        return TranscriptsSettings.class;
    }

    @Override
    public Needs needs(TranscriptsSettings settings) {
        check(settings);
        Needs needs = settings.questions().isEmpty() ? Needs.none().data("") : Needs.none();
        for (String entrant : settings.entrants()) {
            needs = needs.model(entrant, "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]");
        }
        return needs;
    }

    private static void check(TranscriptsSettings settings) {
        if (settings.entrants().isEmpty()) {
            throw InputError.field("entrants", "nobody answers; expected at least one name: [\"base\", \"sft\"]");
        }
        Set<String> seen = new HashSet<>();
        for (String entrant : settings.entrants()) {
            if (!entrant.matches("[\\w.-]+")) {
                throw InputError.field(
                        "entrants", "'" + entrant + "' is no name; expected letters, digits, dots and hyphens");
            }
            if (!seen.add(entrant)) {
                throw InputError.field("entrants", "'" + entrant + "' is named twice; expected each once");
            }
        }
    }

    @Override
    public Sampling prepare(TranscriptsSettings settings, ProgramContext context) {
        settings.decoder().tell(context.tokenizer().vocab(), context.ledger().below("decoder"));
        Asking asking = settings.questions().isEmpty() ? ofData(settings, context) : given(settings, context);
        return new Answers(settings, context, asking);
    }

    /** A question that is too long for one of the models is cut for all: they are asked the same. */
    private static Asking given(TranscriptsSettings settings, ProgramContext context) {
        int room = settings.entrants().stream()
                .mapToInt(entrant -> Dialog.room(context.model(entrant), settings.length()))
                .min()
                .orElseThrow();
        ChatTokens tokens = Dialog.withRoom(new ChatTokens(settings.template(), context.tokenizer()), room);
        for (int i = 0; i < settings.questions().size(); i++) {
            String field = "questions[" + i + "]";
            int[] asked = TextSampler.encoded(
                    context.tokenizer(), settings.questions().get(i), field);
            int cut = asked.length + tokens.marks() - tokens.prompt(asked, room, ChatTokens.Cut.LEFT).length;
            if (cut > 0) {
                context.ledger().note(Ledger.Kind.TRUNCATED, field, Dialog.cut(cut, room, ChatTokens.Cut.LEFT));
            }
        }
        return new Asking(
                settings.questions(),
                question -> tokens.prompt(tokens.encode(question), room, ChatTokens.Cut.LEFT),
                tokens);
    }

    private static Asking ofData(TranscriptsSettings settings, ProgramContext context) {
        if (!settings.template().equals(ChatTemplate.STANDARD)) {
            context.ledger()
                    .note(
                            Ledger.Kind.NO_EFFECT,
                            "template",
                            "no question is given here: those of the data are written as the data says");
        }
        if (data(context) instanceof ChatDataset chats && chats.splits().contains(HELD_OUT)) {
            List<String> asked = chats.exchanges(HELD_OUT).stream()
                    .map(exchange -> exchange.question())
                    .toList();
            return new Asking(asked, chats::prompt, chats.tokens());
        }
        throw InputError.field(
                "questions",
                "none is given, and the data has no held-out questions; expected some, or data such as \"questions\"");
    }

    /** Where a run is sampled, its data is not open. */
    private static Dataset data(ProgramContext context) {
        try {
            return context.data();
        } catch (InputError e) {
            throw InputError.field(
                    "questions",
                    "none is given, and those are meant that the data holds out: " + e.getMessage()
                            + "; give some, \"questions\": [\"Who?\"]");
        }
    }
}
