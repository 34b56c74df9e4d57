package org.kolotoc.engine.prepare;

import java.util.List;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.check.Costs;

/**
 * Samples that were drawn, and what they cost.
 *
 * @param examples in all of them
 * @param work of the programs that drew them
 * @param parameters of the models that drew
 * @param seconds that it took, compilation not among them
 */
public record Draw(List<Sample> samples, long examples, Work.Done work, long parameters, double seconds) {
    private static final double THOUSAND = 1000;

    /** Puts what follows from the programs. */
    public void put(String name, Measurements out) {
        out.put(Costs.flops(name), work.flops() * THOUSAND / examples);
        out.put(Costs.calls(name), (double) work.calls() / samples.size());
        out.put(Costs.parameters(name), parameters);
    }

    /** How long 1,000 examples took. */
    public double secondsPerThousand() {
        return seconds * THOUSAND / examples;
    }
}
