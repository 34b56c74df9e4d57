package org.kolotoc.data.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Seat;
import org.kolotoc.api.chat.Exchange;
import org.osgi.service.component.annotations.Component;

/** The seat of a file of questions and answers. */
@Component
@Seat(kind = Seat.DATA, id = "instructions", summary = "a file of questions and answers, a JSON object a line")
public final class InstructionsSource implements DataSource<InstructionsSettings> {
    @Override
    public Class<InstructionsSettings> settings() {
        return InstructionsSettings.class;
    }

    @Override
    public Dataset open(InstructionsSettings settings, DataContext context) {
        Map<String, List<Exchange>> parts =
                new TreeMap<>(Map.of("train", new ArrayList<>(), "validation", new ArrayList<>()));
        JsonLines.read(settings.path(), context, line -> {
            Exchange exchange = new Exchange(line.question(settings.question()), line.text(settings.answer()));
            parts.get(JsonLines.part(exchange.question(), settings.heldOut())).add(exchange);
        });
        return Chats.of(parts, settings.template(), settings.lengths(), context, "");
    }
}
