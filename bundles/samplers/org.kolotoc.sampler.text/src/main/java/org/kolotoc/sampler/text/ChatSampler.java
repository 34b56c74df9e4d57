package org.kolotoc.sampler.text;

import org.kolotoc.api.InputError;
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
        int limit = context.model(TextSampler.MODEL).limits().getOr("time", Integer.MAX_VALUE);
        ChatTemplate template = settings.template();
        boolean plain = (template.question() + template.answer() + template.stop()).isEmpty();
        int room = limit - Math.min(settings.length(), limit / 2);
        return new Talking(
                settings,
                context,
                plain
                        ? new Continued(context.tokenizer(), settings.cut(), room)
                        : Dialog.of(settings, context.tokenizer(), room));
    }
}
