package org.kolotoc.data.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of a file of pairs of answers, of which somebody said which is better. */
@Component
@Seat(kind = Seat.DATA, id = "comparisons", summary = "a file of better and worse answers, a JSON object a line")
public final class ComparisonsSource implements DataSource<ComparisonsSettings> {
    @Override
    public Class<ComparisonsSettings> settings() {
        return ComparisonsSettings.class;
    }

    @Override
    public Dataset open(ComparisonsSettings settings, DataContext context) {
        Map<String, List<Ranking>> parts =
                new TreeMap<>(Map.of("train", new ArrayList<>(), "validation", new ArrayList<>()));
        JsonLines.read(settings.path(), context, line -> {
            String first = line.text(settings.chosen());
            String second = line.text(settings.rejected());
            boolean turned = !settings.label().isEmpty() && line.choice(settings.label()) == 2;
            int begin = settings.question().isEmpty() ? sameLines(first, second) : 0;
            String question =
                    settings.question().isEmpty() ? first.substring(0, begin) : line.question(settings.question());
            List<String> answers = List.of(first.substring(begin), second.substring(begin));
            parts.get(JsonLines.part(question, settings.heldOut()))
                    .add(new Ranking(question, turned ? answers.reversed() : answers, List.of(1.0, 0.0)));
        });
        return Rankings.of(parts, settings.template(), settings.lengths(), context, "");
    }

    /** How long the lines are that both begin with. */
    private static int sameLines(String first, String second) {
        int same = 0;
        for (int i = 0; i < Math.min(first.length(), second.length()) && first.charAt(i) == second.charAt(i); i++) {
            same = first.charAt(i) == '\n' ? i + 1 : same;
        }
        return same;
    }
}
