package org.kolotoc.sampler.diffusion;

import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of denoising diffusion implicit models (Song, Meng and Ermon, arXiv:2010.02502). */
@Component
@Seat(kind = Seat.SAMPLER, id = "ddim", summary = "samples from noise in few steps, with fresh noise or none")
public final class DdimSampler implements Sampler<DdimSettings> {
    @Override
    public Class<DdimSettings> settings() {
        return DdimSettings.class;
    }

    @Override
    public Needs needs(DdimSettings settings) {
        return Drawing.needs(settings.samples());
    }

    @Override
    public Sampling prepare(DdimSettings settings, ProgramContext context) {
        return Drawing.of(settings.wanted(), new Solver.Implicit(settings.steps(), settings.eta()), context);
    }
}
