package org.kolotoc.tck;

import java.util.Map;
import java.util.TreeMap;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Stopped;

/** Measurements of somebody who wants to stop when a part is done, the first or a later one. */
final class Stopping implements Measurements {
    private final int after;
    private final Map<String, Double> put = new TreeMap<>();
    private int asked;

    Stopping(int after) {
        this.after = after;
    }

    @Override
    public void put(String name, double value) {
        put.put(name, value);
    }

    @Override
    public void reached(long done, long all) {
        if (++asked >= after) {
            throw new Stopped();
        }
    }

    /** How often it was asked. */
    int asked() {
        return asked;
    }

    Map<String, Double> put() {
        return put;
    }
}
