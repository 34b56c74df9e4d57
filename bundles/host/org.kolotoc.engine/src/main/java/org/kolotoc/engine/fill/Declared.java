package org.kolotoc.engine.fill;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Sample;

/**
 * What a plugin says it measures, and that it measures nothing else.
 *
 * @param measures in the plugin's order
 */
record Declared(Occupant occupant, List<Measure> measures) {
    /** Asks the plugin. */
    static Declared of(Occupant occupant, Supplier<List<Measure>> declaring) {
        List<Measure> measures = List.copyOf(occupant.give("declared its measures", declaring));
        Map<String, Measure> seen = new HashMap<>();
        for (Measure measure : measures) {
            if (seen.put(measure.name(), measure) != null) {
                throw PluginFailure.broken(occupant, "declares the measure '" + measure.name() + "' twice");
            }
        }
        return new Declared(occupant, measures);
    }

    /** Measurements that take what is declared to be taken at that time. */
    Measurements only(Measurements out, Measure.Taken... times) {
        Set<Measure.Taken> when = Set.of(times);
        return new Measurements() {
            @Override
            public void put(String name, double value) {
                // A handful of them: looking at each allocates nothing and costs less than a hash.
                for (Measure measure : measures) {
                    if (measure.name().equals(name) && when.contains(measure.taken())) {
                        out.put(name, value);
                        return;
                    }
                }
                throw PluginFailure.broken(
                        occupant,
                        "measures '" + name + "', which it did not declare for that time; declared are "
                                + measures.stream()
                                        .map(m -> m.name() + " (" + m.taken() + ")")
                                        .toList());
            }

            @Override
            public void show(String name, Sample sample) {
                // Without a slash it could be the name of a sample's file.
                if (!name.matches("[a-z0-9-]+(/[a-z0-9-]+)+")) {
                    throw PluginFailure.broken(
                            occupant,
                            "shows '" + name
                                    + "'; expected lower-case letters, digits and hyphens, at least one slash between");
                }
                out.show(name, sample);
            }

            @Override
            public void reached(long done, long all) {
                out.reached(done, all);
            }
        };
    }
}
