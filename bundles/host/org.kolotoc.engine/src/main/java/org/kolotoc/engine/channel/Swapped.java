package org.kolotoc.engine.channel;

/**
 * A seat that another bundle fills than before.
 *
 * @param step after which it does
 * @param seat {@code phase 'pretrain'}
 * @param was the bundle before, with version and hash
 * @param is the bundle now
 * @param milliseconds for which the run stood still
 */
public record Swapped(long step, String seat, String was, String is, double milliseconds) {}
