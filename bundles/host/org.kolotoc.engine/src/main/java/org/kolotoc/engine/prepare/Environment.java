package org.kolotoc.engine.prepare;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.kolotoc.engine.data.DataPlaces;
import org.kolotoc.engine.device.Lent;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.lease.OtherCode;
import org.kolotoc.engine.lease.Retiring;
import org.kolotoc.engine.ledger.RunLedger;

/**
 * What an experiment is prepared with beside what it says itself.
 *
 * @param seats what is plugged in
 * @param backends lends a backend by its id
 * @param data where its data is looked for
 * @param client hears how far the preparation is, and may stop it
 * @param ledger where is noted what is done in another way than the experiment says
 * @param uses begins the use of what fills its seats: nobody takes that out until it is closed
 * @param made knows who made models of other runs
 */
public record Environment(
        Seats seats,
        Function<String, Lent> backends,
        DataPlaces data,
        Client client,
        RunLedger ledger,
        Supplier<Retiring.Use> uses,
        Made made) {
    /** Says of a model that another run trained what is to be told of who made it, see {@link OtherCode#ofModel}. */
    @FunctionalInterface
    public interface Made {
        Optional<String> otherwise(Path run, String model);
    }
}
