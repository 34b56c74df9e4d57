package org.kolotoc.phase.pretrain.objective;

import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of text infilling. */
@Component
@Seat(kind = "objective", id = "infill", summary = "a text, from what is left of it when masks stand for parts: BART")
public final class InfillFamily implements ObjectiveFamily<InfillSettings> {
    @Override
    public Class<InfillSettings> settings() {
        return InfillSettings.class;
    }

    @Override
    public Objective create(InfillSettings settings) {
        return new Infill(settings);
    }
}
