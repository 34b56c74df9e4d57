package org.kolotoc.sampler.text;

import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
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
        return new Dialog(withRoom(new ChatTokens(settings.template(), tokenizer), room), settings.cut(), room);
    }

    /** Tokens that a model can look at beside an answer, which gets at most half of all. */
    static int room(Model model, int answer) {
        int limit = model.limits().getOr("time", Integer.MAX_VALUE);
        return limit - Math.min(answer, limit / 2);
    }

    /** @throws InputError naming the field, when there is no room for the marks of the template */
    static ChatTokens withRoom(ChatTokens tokens, int room) {
        if (room <= tokens.marks()) {
            throw InputError.field(
                    "template",
                    "its marks are " + tokens.marks() + " tokens, which leaves no room for a question in the " + room
                            + " that the model can look at beside an answer");
        }
        return tokens;
    }

    /** What the ledger says of a question that so many tokens of are cut. */
    static String cut(int tokens, int room, ChatTokens.Cut side) {
        return "it is cut to the " + room + " tokens that there is room for beside an answer: " + tokens
                + " tokens on the " + (side == ChatTokens.Cut.LEFT ? "left" : "right") + " are not read";
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
