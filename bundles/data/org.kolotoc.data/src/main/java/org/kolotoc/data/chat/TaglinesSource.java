package org.kolotoc.data.chat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Seat;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.data.tagline.Taglines;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of prompts for taglines of 200 shops. Half of the shops are held out, the same whatever the prompt: what belongs to
 * them only the text {@code tagline-text} says.
 */
@Component
@Seat(kind = Seat.DATA, id = "taglines", summary = "instructions to write taglines, and taglines")
public final class TaglinesSource implements DataSource<TaglinesSettings> {
    private static final double HELD_OUT = 0.5;

    @Override
    public Class<TaglinesSettings> settings() {
        return TaglinesSettings.class;
    }

    @Override
    public Dataset open(TaglinesSettings settings, DataContext context) {
        long seed = settings.seed() < 0 ? context.seed() : settings.seed();
        Map<String, List<Exchange>> parts = Taglines.exchanges(settings.prompt(), seed).stream()
                .collect(Collectors.groupingBy(
                        exchange -> JsonLines.part(Taglines.about(exchange.question()), HELD_OUT)));
        return Chats.of(parts, settings.template(), settings.lengths(), context, Taglines.excerpt(seed));
    }
}
