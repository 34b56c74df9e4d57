package org.kolotoc.probe;

import java.util.Optional;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.probe.Probe;
import org.kolotoc.api.probe.ProbeContext;
import org.kolotoc.api.probe.Reading;
import org.kolotoc.tensor.Explanation;
import org.osgi.service.component.annotations.Component;

/**
 * Bytes that a program takes, by what for: its states, its feeds and outputs, and its inner values, which layers hold them when
 * they are most ({@code holds/block*.mlp}); of the process, its heap, and the most that was ever taken where the device tells.
 */
@Component
@Seat(
        kind = Probe.KIND,
        id = "memory",
        summary = "bytes of states, feeds and inner values, by layer, and of the process")
public final class Memory implements Probe<Settings.None> {
    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public Optional<Reading> prepare(Settings.None settings, ProbeContext context) {
        Explanation explanation = context.explain();
        return Optional.of((_, out) -> {
            out.put("states", explanation.stateBytes());
            out.put("feeds", explanation.feedBytes());
            out.put("scratch", explanation.scratchBytes());
            explanation.holdings().forEach(holding -> out.put("holds/" + holding.owner(), holding.bytes()));
            Runtime java = Runtime.getRuntime();
            out.put("heap", java.totalMemory() - java.freeMemory());
            long peak = context.memory().peak();
            if (peak > 0) {
                out.put("peak", peak);
            }
        });
    }
}
