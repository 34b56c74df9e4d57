package org.kolotoc.adapter;

import org.kolotoc.api.Adapter;
import org.kolotoc.api.AdapterFamily;
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
        return new Lora(settings.rank(), settings.alpha() / settings.rank(), settings.targets());
    }
}
