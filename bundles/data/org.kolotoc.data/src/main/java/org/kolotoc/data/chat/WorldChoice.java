package org.kolotoc.data.chat;

import java.util.List;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.data.WorldSettings;
import org.kolotoc.data.world.Interview;

/** Which world: that of the text {@code template-world} with the same values. */
public record WorldChoice(
        @Help("decides the world") @Range(min = 0) @Default("1")
        long seed,

        @Help("how many people live there") @Range(min = 4, max = 40) @Default("24")
        int people,

        @Help("facts that differ from the seed's") @Default("[]")
        List<WorldSettings.Edit> facts,

        @Help("share of the facts that are asked for in the validation part alone")
        @Range(min = 0.01, max = 0.5)
        @Default("0.25")
        double heldOut) {
    Interview interview(Ledger ledger) {
        return new Interview(WorldSettings.world(seed, people, facts, ledger), seed, heldOut);
    }
}
