package org.kolotoc.engine.event;

import org.kolotoc.api.Measurements;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;

/**
 * How far work between steps is: a client hears it, and whoever does the work whether somebody wants to stop.
 *
 * @param name of the work
 * @param parts what is counted
 */
public record Told(Client client, String name, String parts) implements Reached {
    @Override
    public void reached(long done, long all) {
        client.tell(new Event.Working(name, done, all, parts));
        client.requireNoStop();
    }

    /** The same measurements, and how far they are. */
    public Measurements of(Measurements out) {
        return new Measurements() {
            @Override
            public void put(String measure, double value) {
                out.put(measure, value);
            }

            @Override
            public void show(String what, Sample sample) {
                out.show(what, sample);
            }

            @Override
            public void reached(long done, long all) {
                Told.this.reached(done, all);
            }
        };
    }
}
