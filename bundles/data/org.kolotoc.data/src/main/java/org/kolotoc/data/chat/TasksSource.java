package org.kolotoc.data.chat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Seat;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of tasks whose answers are known by a rule: an input is the question, its output the answer. Which inputs are held
 * out their hash says, or their words ({@link Task#isHeldOut}), whatever the seed; so what is held out of one such data is in
 * training of no other.
 */
@Component
@Seat(kind = Seat.DATA, id = "tasks", summary = "sequences to copy, reverse or sort, and sentences to translate")
public final class TasksSource implements DataSource<TasksSettings> {
    /** Share of all inputs that is held out. */
    private static final double HELD_OUT = 0.1;

    /** Draws in a row that give nothing new, after which there is nothing more. */
    private static final int PATIENCE = 10_000;

    @Override
    public Class<TasksSettings> settings() {
        return TasksSettings.class;
    }

    @Override
    public Dataset open(TasksSettings settings, DataContext context) {
        if (settings.shortest() > settings.longest()) {
            throw InputError.field(
                    "shortest", settings.shortest() + " is more than the " + settings.longest() + " of \"longest\"");
        }
        List<Exchange> train = new ArrayList<>();
        List<Exchange> heldOut = new ArrayList<>();
        draw(settings, context, train, heldOut);
        tell("count", settings.count(), train.size(), context.ledger());
        tell("heldOut", settings.heldOut(), heldOut.size(), context.ledger());
        return Chats.of(
                Map.of("train", settings.unpaired() ? apart(train) : train, "validation", heldOut),
                settings.template(),
                settings.lengths(),
                context,
                "");
    }

    private static void draw(
            TasksSettings settings, DataContext context, List<Exchange> train, List<Exchange> heldOut) {
        CounterRandom random = new CounterRandom(settings.seed() < 0 ? context.seed() : settings.seed(), "tasks");
        Set<String> seen = new HashSet<>();
        int vain = 0;
        for (long number = 0;
                vain < PATIENCE && (train.size() < settings.count() || heldOut.size() < settings.heldOut());
                number++) {
            String input =
                    settings.task().input(random, number, settings.symbols(), settings.shortest(), settings.longest());
            boolean held = settings.task()
                    .isHeldOut(input)
                    .orElseGet(() -> JsonLines.part(input, HELD_OUT).equals("validation"));
            List<Exchange> part = held ? heldOut : train;
            if (part.size() < (held ? settings.heldOut() : settings.count()) && seen.add(input)) {
                part.add(new Exchange(input, settings.task().output(input)));
                vain = 0;
            } else {
                vain++;
            }
        }
    }

    private static void tell(String field, int asked, int drawn, Ledger ledger) {
        if (drawn < asked) {
            ledger.note(
                    Ledger.Kind.NO_EFFECT, field, asked + " are more inputs than were found: " + drawn + " are taken");
        }
    }

    /** Each input and each output as a text without a question. */
    private static List<Exchange> apart(List<Exchange> pairs) {
        List<Exchange> texts = new ArrayList<>();
        pairs.forEach(pair -> texts.add(new Exchange("", pair.question())));
        pairs.forEach(pair -> texts.add(new Exchange("", pair.answer())));
        return texts;
    }
}
