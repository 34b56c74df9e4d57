package org.kolotoc.sampler.text;

import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.text.Tokenizer;

/**
 * Questions and answers between the marks of a template.
 *
 * @param room tokens that a prompt may have
 */
record Dialog(ChatTokens tokens, ChatTokens.Cut cut, int room) implements Spoken {
    /** @throws InputError naming the field, when the model's context has no room for the marks of the template */
    static Dialog of(ChatSettings settings, Tokenizer tokenizer, int room) {
        ChatTokens tokens = new ChatTokens(settings.template(), tokenizer);
        if (room <= tokens.marks()) {
            throw InputError.field(
                    "template",
                    "its marks are " + tokens.marks() + " tokens, which leaves no room for a question in the " + room
                            + " that the model can look at beside an answer");
        }
        return new Dialog(tokens, settings.cut(), room);
    }

    @Override
    public Prompt prompt(List<Exchange> before, String question) {
        int[] asked = tokens.encode(question);
        int[] prompt = tokens.prompt(asked, room, cut);
        int[] all = prompt;
        int first = before.size();
        while (first > 0) {
            Exchange exchange = before.get(first - 1);
            int[] more = ChatTokens.joined(tokens.prompt(exchange.question()), tokens.answer(exchange.answer()), all);
            if (more.length > room) {
                break;
            }
            all = more;
            first--;
        }
        return new Prompt(all, first, asked.length + tokens.marks() - prompt.length);
    }

    @Override
    public boolean isEnd(int token) {
        return token == tokens.stop() || tokens.tokenizer().specials().containsValue(token);
    }

    @Override
    public String written(String question) {
        return tokens.template().prompt(question);
    }
}
