package org.kolotoc.data.chat;

import org.kolotoc.api.Ledger;
import org.kolotoc.api.Seat;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.api.chat.JudgeFamily;
import org.osgi.service.component.annotations.Component;

/** The seat of a judge who knows the made-up world. */
@Component
@Seat(kind = "judge", id = "template-world", summary = "knows what is true in the made-up world, and what was asked")
public final class WorldJudge implements JudgeFamily<WorldChoice> {
    @Override
    public Class<WorldChoice> settings() {
        return WorldChoice.class;
    }

    @Override
    public Judge create(WorldChoice settings) {
        return settings.interview(Ledger.NONE);
    }
}
