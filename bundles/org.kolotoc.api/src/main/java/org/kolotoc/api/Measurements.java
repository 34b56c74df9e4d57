package org.kolotoc.api;

/** Takes numbers by name: {@code loss/train}, {@code tokens}. */
@FunctionalInterface
public interface Measurements {
    void put(String name, double value);
}
