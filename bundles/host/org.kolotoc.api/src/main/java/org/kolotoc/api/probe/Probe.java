package org.kolotoc.api.probe;

import java.util.Optional;
import org.kolotoc.api.Plugin;
import org.kolotoc.api.SeatKind;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of what reads inner values of a run that goes on: {@code ./kolotoc probe <run folder> <id>}. It changes nothing: its
 * program runs just before one of the phase's, over the same batch and the same states, none of which it writes.
 *
 * @param <S> the settings record, see {@link org.kolotoc.api.Settings}
 */
@ConsumerType
@SeatKind(
        value = Probe.KIND,
        summary = "what is read within a run that goes on",
        reserved = {"every"})
public interface Probe<S extends Record> extends Plugin<S> {
    /** The kind of this seat. */
    String KIND = "probe";

    /**
     * Looks at one of the programs that a phase's steps run, and traces what is read of it; again for each phase, and after a
     * swap.
     *
     * @return what is done with the values, each time that the program runs in a step that is read; empty where this program
     *     has nothing that the probe is about
     * @throws org.kolotoc.api.InputError naming the field, when settings don't fit each other or the program
     */
    Optional<Reading> prepare(S settings, ProbeContext context);
}
