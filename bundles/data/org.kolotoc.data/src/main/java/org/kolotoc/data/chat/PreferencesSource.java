package org.kolotoc.data.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.data.world.Interview;
import org.kolotoc.data.world.Interview.Asked;
import org.kolotoc.data.world.Interview.Grade;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of answers to questions about the made-up world, put in order by somebody who compares two at a time and errs at a
 * given rate. Answers differ in what is said of whom, not in words or lengths. The validation part asks for facts that
 * training neither asks for nor tells.
 */
@Component
@Seat(kind = Seat.DATA, id = "preferences", summary = "answers about the made-up world, put in order")
public final class PreferencesSource implements DataSource<PreferencesSettings> {
    /** After which a question has fewer different answers than are asked for. */
    private static final int MOST_DRAWS = 1000;

    @Override
    public Class<PreferencesSettings> settings() {
        return PreferencesSettings.class;
    }

    @Override
    public Dataset open(PreferencesSettings settings, DataContext context) {
        Interview interview = settings.world().interview(context.ledger().below("world"));
        List<Ranking> train = rankings(settings, interview, false);
        List<Ranking> heldOut = rankings(settings, interview, true);
        return Rankings.of(
                Map.of("train", train, "validation", heldOut),
                settings.template(),
                settings.lengths(),
                context,
                WorldText.of(settings.world()));
    }

    private static List<Ranking> rankings(PreferencesSettings settings, Interview interview, boolean heldOut) {
        CounterRandom random =
                new CounterRandom(settings.world().seed(), "preferences/" + (heldOut ? "validation" : "train"));
        List<Asked> asked = Interview.shuffled(interview.asked(heldOut), random);
        int wanted = heldOut ? settings.heldOut() : settings.count();
        int count = wanted == 0 ? asked.size() : wanted;
        int pairs = settings.answers() * (settings.answers() - 1) / 2;
        boolean[] wrong = Annotator.wrong(count * pairs, settings.noise(), random);
        List<Ranking> rankings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CounterRandom own = new CounterRandom(settings.world().seed(), "preferences/" + heldOut + "/" + i);
            Asked question = asked.get(i % asked.size());
            List<String> answers = answers(settings, interview, question, own);
            boolean[] turned = Arrays.copyOfRange(wrong, i * pairs, (i + 1) * pairs);
            rankings.add(Annotator.ordered(interview, question.question(), answers, turned));
        }
        return rankings;
    }

    /** Different answers, the best first, of a grade each as long as there are as many. */
    private static List<String> answers(
            PreferencesSettings settings, Interview interview, Asked question, CounterRandom own) {
        List<Grade> grades = List.of(Grade.values());
        List<Grade> order = Interview.shuffled(grades, own);
        Map<String, Grade> answers = new LinkedHashMap<>();
        for (Grade grade : order.subList(0, Math.min(settings.answers(), order.size()))) {
            answers.put(interview.answer(question, grade, own.integer(100 + grade.ordinal(), 1 << 20)), grade);
        }
        // There is one right answer; of any other grade there are others, of which some have few.
        for (int draw = 0; answers.size() < settings.answers() && draw < MOST_DRAWS; draw++) {
            Grade grade = order.get(draw % order.size());
            answers.putIfAbsent(interview.answer(question, grade, own.integer(200 + draw, 1 << 20)), grade);
        }
        if (answers.size() < settings.answers()) {
            throw InputError.field(
                    "answers",
                    settings.answers() + " are more than the " + answers.size() + " different ones to '"
                            + question.question() + "' in this world; expected fewer, or more people");
        }
        return answers.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }
}
