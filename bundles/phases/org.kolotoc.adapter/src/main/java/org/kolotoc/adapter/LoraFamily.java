package org.kolotoc.adapter;

import org.kolotoc.api.Adapter;
import org.kolotoc.api.AdapterFamily;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of low-rank adaptation. */
@Component
@Seat(kind = Seat.ADAPTER, id = "lora", summary = "low-rank matrices that are added to weights")
public final class LoraFamily implements AdapterFamily<LoraSettings> {
    @Override
    public Class<LoraSettings> settings() {
        return LoraSettings.class;
    }

    @Override
    public Adapter create(LoraSettings settings) {
        if (settings.targets().isEmpty()) {
            throw InputError.field("targets", "is empty; expected parts of names, such as \"attention\"");
        }
        return new Lora(settings.rank(), settings.alpha() / settings.rank(), settings.targets());
    }
}
