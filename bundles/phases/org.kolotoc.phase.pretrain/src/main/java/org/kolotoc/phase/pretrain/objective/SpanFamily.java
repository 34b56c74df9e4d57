package org.kolotoc.phase.pretrain.objective;

import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of span corruption. */
@Component
@Seat(kind = "objective", id = "span", summary = "spans that are taken out of a text, by what is left of it: T5")
public final class SpanFamily implements ObjectiveFamily<SpanSettings> {
    @Override
    public Class<SpanSettings> settings() {
        return SpanSettings.class;
    }

    @Override
    public Objective create(SpanSettings settings) {
        return new Spans(settings);
    }
}
