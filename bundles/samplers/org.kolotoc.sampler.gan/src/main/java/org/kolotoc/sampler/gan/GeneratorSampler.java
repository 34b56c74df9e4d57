package org.kolotoc.sampler.gan;

import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of samples that are made of noise at once, by a generator (Goodfellow et al., arXiv:1406.2661). */
@Component
@Seat(kind = Seat.SAMPLER, id = "generator", summary = "samples that a generator makes of noise")
public final class GeneratorSampler implements Sampler<GeneratorSamplerSettings> {
    static final String MODEL = "model";

    @Override
    public Class<GeneratorSamplerSettings> settings() {
        return GeneratorSamplerSettings.class;
    }

    @Override
    public Needs needs(GeneratorSamplerSettings settings) {
        return Needs.of(settings.samples().anyGenerator(), settings.samples().field() + "; i32 label[batch]?");
    }

    @Override
    public Sampling prepare(GeneratorSamplerSettings settings, ProgramContext context) {
        return Making.of(settings, context);
    }
}
