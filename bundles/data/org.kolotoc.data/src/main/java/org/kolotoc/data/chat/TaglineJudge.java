package org.kolotoc.data.chat;

import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.api.chat.JudgeFamily;
import org.kolotoc.data.tagline.Taglines;
import org.osgi.service.component.annotations.Component;

/** The seat of a judge who knows what is found in which shop. */
@Component
@Seat(kind = "judge", id = "taglines", summary = "knows of which shop a tagline speaks")
public final class TaglineJudge implements JudgeFamily<Settings.None> {
    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public Judge create(Settings.None settings) {
        return Taglines::quality;
    }
}
