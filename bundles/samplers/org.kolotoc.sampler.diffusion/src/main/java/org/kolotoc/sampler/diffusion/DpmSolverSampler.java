package org.kolotoc.sampler.diffusion;

import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of DPM-Solver++(2M) (Lu et al., arXiv:2211.01095). */
@Component
@Seat(kind = Seat.SAMPLER, id = "dpm-solver", summary = "samples from noise in few steps of second order")
public final class DpmSolverSampler implements Sampler<DpmSolverSettings> {
    @Override
    public Class<DpmSolverSettings> settings() {
        return DpmSolverSettings.class;
    }

    @Override
    public Needs needs(DpmSolverSettings settings) {
        return Drawing.needs(settings.samples());
    }

    @Override
    public Sampling prepare(DpmSolverSettings settings, ProgramContext context) {
        return Drawing.of(settings.wanted(), new Solver.Multistep(settings.steps()), context);
    }
}
