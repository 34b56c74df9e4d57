package org.kolotoc.phase.pretrain.objective;

import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of masked language modelling. */
@Component
@Seat(kind = "objective", id = "masked", summary = "tokens that are hidden, from those to both sides: BERT, RoBERTa")
public final class MaskedFamily implements ObjectiveFamily<MaskedSettings> {
    @Override
    public Class<MaskedSettings> settings() {
        return MaskedSettings.class;
    }

    @Override
    public Objective create(MaskedSettings settings) {
        if (settings.masked() + settings.random() > 1) {
            throw InputError.field(
                    "random",
                    settings.masked() + " masked and " + settings.random()
                            + " random are more than all; expected at most 1 together");
        }
        return new Masked(settings);
    }
}
