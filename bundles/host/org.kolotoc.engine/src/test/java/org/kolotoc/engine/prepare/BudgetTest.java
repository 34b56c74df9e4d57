package org.kolotoc.engine.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.run.Console;

/** A share is exchanged some steps after it was offered: other runs may have begun or ended. */
final class BudgetTest {
    private static final Optional<Long> GIVEN = Optional.of(1_000_000_000L);

    private final Budget budget = new Budget();

    @TempDir
    Path folder;

    private Workbench bench() throws IOException {
        Console console = new Console(folder);
        return new Workshop(console.framework().context())
                .workbench(
                        ExperimentFile.read(console.experiment(), _ -> {}),
                        Options.none(),
                        Leases.free(),
                        Optional.empty(),
                        false,
                        Client.NOBODY);
    }

    private static List<String> beside(MemoryPlan plan) {
        return plan.shares().stream()
                .map(MemoryPlan.Share::owner)
                .filter(owner -> owner.startsWith("runs that go on"))
                .toList();
    }

    @Test
    void whatRunsBeganSinceItWasOfferedCountsWhenItIsExchanged() throws IOException {
        try (Workbench bench = bench();
                Budget.Promise promise = budget.promise("one", bench, GIVEN, _ -> {})) {
            Budget.Offer offer = promise.offer(bench, GIVEN);
            assertEquals(List.of(), beside(offer.plan()));
            MemoryPlan before = promise.plan();
            try (Budget.Promise _ = budget.promise("two", bench, GIVEN, _ -> {})) {
                assertThrows(
                        IllegalStateException.class,
                        () -> promise.exchange(offer, bench, GIVEN, plan -> {
                            assertEquals(List.of("runs that go on: two"), beside(plan));
                            throw new IllegalStateException("does not fit");
                        }));
                assertSame(before, promise.plan(), "refused, everything is as it was");
            }
            promise.exchange(offer, bench, GIVEN, plan -> assertSame(offer.plan(), plan));
            assertSame(offer.plan(), promise.plan(), "the others are the same again: it was not made anew");
        }
    }
}
