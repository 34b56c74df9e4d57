package org.kolotoc.data.chat;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.api.chat.JudgeFamily;
import org.kolotoc.data.verse.Stanza;
import org.kolotoc.data.verse.Theme;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of a judge who hears rhyme and metre: 0 for what has other than four lines, 0.1 where that is not about what was asked,
 * else from 0.1 to 1. A question that names no two animals may be answered with anything.
 */
@Component
@Seat(kind = "judge", id = "verses", summary = "hears whether four lines rhyme and scan, and reads what was asked")
public final class VersesJudge implements JudgeFamily<Settings.None> {
    private static final double FORM = 0.1;
    private static final Map<String, Theme> THEMES =
            Theme.all().stream().collect(Collectors.toMap(Theme::question, Function.identity()));

    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public Judge create(Settings.None settings) {
        return VersesJudge::quality;
    }

    static double quality(Exchange exchange) {
        Stanza stanza = Stanza.of(exchange.answer());
        if (!stanza.hasFourLines()) {
            return 0;
        }
        Theme theme = THEMES.get(exchange.question());
        return theme == null || theme.isOf(stanza) ? FORM + (1 - FORM) * stanza.quality() : FORM;
    }
}
