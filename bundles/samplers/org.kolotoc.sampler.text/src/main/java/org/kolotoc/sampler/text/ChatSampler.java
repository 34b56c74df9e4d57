package org.kolotoc.sampler.text;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Seat;
import org.kolotoc.api.chat.Answering;
import org.kolotoc.api.chat.ChatTemplate;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of a conversation: a language model answers questions, written as its training data writes them. A sample is a
 * question, as the template has it, and the answer; questions of one draw know nothing of each other.
 */
@Component
@Seat(kind = Seat.SAMPLER, id = "chat", summary = "a language model answers questions, token by token")
public final class ChatSampler implements Sampler<ChatSettings> {
    @Override
    public Class<ChatSettings> settings() {
        return ChatSettings.class;
    }

    @Override
    public Needs needs(ChatSettings settings) {
        return Needs.none().model(TextSampler.MODEL, "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]");
    }

    @Override
    public Answering prepare(ChatSettings settings, ProgramContext context) {
        if (settings.questions().isEmpty()) {
            throw InputError.field("questions", "is empty; expected at least one question");
        }
        settings.decoder().tell(context.tokenizer().vocab(), context.ledger().below("decoder"));
        int room = Dialog.room(context.model(TextSampler.MODEL), settings.length());
        ChatTemplate template = settings.template();
        boolean plain = (template.question() + template.answer() + template.stop()).isEmpty();
        Spoken spoken = plain
                ? new Continued(context.tokenizer(), settings.cut(), room)
                : Dialog.of(settings, context.tokenizer(), room);
        ChatSettings asking = settings.asking(questions(settings, context));
        for (int i = 0; i < asking.questions().size(); i++) {
            int cut = spoken.prompt(List.of(), asking.questions().get(i)).cut();
            if (cut > 0) {
                context.ledger()
                        .note(Ledger.Kind.TRUNCATED, "questions[" + i + "]", Dialog.cut(cut, room, settings.cut()));
            }
        }
        return new Talking(asking, context, spoken);
    }

    /** Those that can be written; all have to be where some are named. */
    private static List<String> questions(ChatSettings settings, ProgramContext context) {
        boolean usual = settings.questions().equals(ChatSettings.USUAL);
        List<String> written = new ArrayList<>();
        for (int i = 0; i < settings.questions().size(); i++) {
            String question = settings.questions().get(i);
            try {
                TextSampler.encoded(context.tokenizer(), question, "questions[" + i + "]");
                written.add(question);
            } catch (InputError e) {
                if (!usual) {
                    throw e;
                }
                context.ledger()
                        .note(Ledger.Kind.SKIPPED, "questions", "\"" + question + "\" is not asked: " + e.getMessage());
            }
        }
        return written;
    }
}
