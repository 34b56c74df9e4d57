package org.kolotoc.sampler.diffusion;

import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of ancestral sampling (Ho, Jain and Abbeel, arXiv:2006.11239, algorithm 2). */
@Component
@Seat(kind = Seat.SAMPLER, id = "ddpm", summary = "samples from noise, all steps of the schedule")
public final class DdpmSampler implements Sampler<DdpmSettings> {
    @Override
    public Class<DdpmSettings> settings() {
        return DdpmSettings.class;
    }

    @Override
    public Needs needs(DdpmSettings settings) {
        return Drawing.needs(settings.samples());
    }

    @Override
    public Sampling prepare(DdpmSettings settings, ProgramContext context) {
        return Drawing.of(settings.wanted(), new Solver.Ancestral(), context);
    }
}
