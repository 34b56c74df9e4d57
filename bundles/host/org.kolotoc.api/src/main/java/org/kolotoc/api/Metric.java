package org.kolotoc.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of a judge of samples.
 *
 * @param <S> the settings record, see {@link Settings}
 */
@ConsumerType
@SeatKind(value = Seat.METRIC, summary = "judges of samples")
public interface Metric<S extends Record> extends Plugin<S> {
    /** Everything it measures, each of {@link Measure.Taken#EVALUATION}; nothing else may be put. */
    List<Measure> measures(S settings);

    /**
     * Measures samples.
     *
     * @param out gets numbers named {@code <seat id>} or {@code <seat id>/<what>}
     */
    void measure(S settings, List<Sample> samples, Dataset data, Measurements out);
}
