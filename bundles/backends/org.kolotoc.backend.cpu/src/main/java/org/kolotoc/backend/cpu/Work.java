package org.kolotoc.backend.cpu;

/** A launch with all its addresses: run it again and again. */
@FunctionalInterface
interface Work {
    void run();
}
