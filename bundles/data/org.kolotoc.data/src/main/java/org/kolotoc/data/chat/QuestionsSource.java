package org.kolotoc.data.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Seat;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.data.world.Interview;
import org.kolotoc.data.world.Interview.Asked;
import org.kolotoc.data.world.Interview.Grade;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of questions about people of the made-up world, with answers. Those of the validation part ask for facts that
 * training neither asks for nor tells: what holds there only the text {@code template-world} says.
 */
@Component
@Seat(kind = Seat.DATA, id = "questions", summary = "questions about the made-up world, and answers")
public final class QuestionsSource implements DataSource<QuestionsSettings> {
    @Override
    public Class<QuestionsSettings> settings() {
        return QuestionsSettings.class;
    }

    @Override
    public Dataset open(QuestionsSettings settings, DataContext context) {
        if (settings.wrong() + settings.beside() > 1) {
            throw InputError.field(
                    "beside",
                    settings.wrong() + " wrong answers and " + settings.beside()
                            + " beside the point are more than all; expected at most 1 together");
        }
        Interview interview = settings.world().interview(context.ledger().below("world"));
        CounterRandom random = new CounterRandom(settings.world().seed(), "questions");
        List<Asked> asked = Interview.shuffled(interview.asked(false), random);
        if (settings.count() > asked.size()) {
            context.ledger()
                    .note(
                            Ledger.Kind.NO_EFFECT,
                            "count",
                            settings.count() + " are more than the " + asked.size() + " there are: all are taken");
        } else if (settings.count() > 0) {
            asked = asked.subList(0, settings.count());
        }
        CounterRandom faults = new CounterRandom(settings.world().seed(), "questions/faults");
        List<Exchange> train = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            double fault = faults.uniform(i);
            Grade grade = fault < settings.wrong()
                    ? Grade.WRONG
                    : fault < settings.wrong() + settings.beside() ? Grade.BESIDE : Grade.RIGHT;
            Asked question = asked.get(i);
            train.add(new Exchange(
                    question.question(), interview.answer(question, grade, random.integer(-1 - i, 1 << 20))));
        }
        List<Exchange> heldOut = Interview.shuffled(interview.asked(true), random).stream()
                .map(question -> new Exchange(question.question(), interview.answer(question, Grade.RIGHT, 0)))
                .toList();
        return Chats.of(
                Map.of("train", train, "validation", heldOut),
                settings.template(),
                settings.lengths(),
                context,
                WorldText.of(settings.world()));
    }
}
