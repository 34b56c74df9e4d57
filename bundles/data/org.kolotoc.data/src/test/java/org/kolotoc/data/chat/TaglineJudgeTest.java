package org.kolotoc.data.chat;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.api.Settings;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.JudgeFamily;
import org.kolotoc.tck.JudgeConformance;

class TaglineJudgeTest extends JudgeConformance<Settings.None> {
    private static final String ASKED = "Write a tagline for an ice cream shop.";

    @Override
    protected JudgeFamily<Settings.None> family() {
        return new TaglineJudge();
    }

    @Override
    protected Settings.None settings() {
        return new Settings.None();
    }

    @Override
    protected List<Exchange> ranked() {
        return List.of(
                new Exchange(ASKED, "Our cones will make you smile."),
                new Exchange(ASKED, "Our loaves will make you smile."));
    }

    @Override
    protected List<Exchange> formless() {
        return Stream.of("", "cones", "Our  will make you smile.", "Our cones", "Describe the cones.", ASKED)
                .map(answer -> new Exchange(ASKED, answer))
                .toList();
    }
}
