package org.kolotoc.data.chat;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.api.Settings;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.JudgeFamily;
import org.kolotoc.data.verse.Form;
import org.kolotoc.data.verse.Poet;
import org.kolotoc.data.verse.Theme;
import org.kolotoc.tck.JudgeConformance;
import org.kolotoc.tensor.CounterRandom;

class VersesJudgeTest extends JudgeConformance<Settings.None> {
    private static final Theme THEME = Theme.all().getFirst();
    private static final Exchange GOOD = new Exchange(
            THEME.question(),
            new Poet(1, List.of(Form.ABBA))
                    .verse(THEME, new CounterRandom(1, "verse"))
                    .text());

    @Override
    protected JudgeFamily<Settings.None> family() {
        return new VersesJudge();
    }

    @Override
    protected Settings.None settings() {
        return new Settings.None();
    }

    @Override
    protected List<Exchange> ranked() {
        return List.of(GOOD, new Exchange(GOOD.question(), "a / b / c / d"));
    }

    @Override
    protected List<Exchange> formless() {
        return Stream.of("", GOOD.answer() + " / a", GOOD.question())
                .map(answer -> new Exchange(GOOD.question(), answer))
                .toList();
    }
}
