package org.kolotoc.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of a judge of samples.
 *
 * @param <S> the settings record, see {@link Settings}
 */
@ConsumerType
@SeatKind(
        value = Seat.METRIC,
        summary = "judges of samples",
        reserved = {"samples", "models", "data"})
public interface Metric<S extends Record> extends Plugin<S> {
    /** Everything it measures, each of {@link Measure.Taken#EVALUATION}; nothing else may be put. */
    List<Measure> measures(S settings);

    /** Models of the run and data that it compares with; some data, whatever its fields, where nothing is said. */
    default Needs needs(S settings) {
        return Needs.none().data("");
    }

    /**
     * Memory that measuring takes at most beside the samples, in bytes, on the Java heap too; 0 where that is none to speak of.
     *
     * @param context as that of {@link #measure}, gone after this
     */
    default long bytes(S settings, ProgramContext context) {
        return 0;
    }

    /**
     * Measures samples.
     *
     * @param context the same in the whole run: what is declared and prepared in it stays, so that a judge may train a model
     *     of its own once. None of it is in a checkpoint
     * @param out gets numbers named {@code <seat id>} or {@code <seat id>/<what>}
     */
    void measure(S settings, List<Sample> samples, ProgramContext context, Measurements out);
}
