package org.kolotoc.engine.channel;

import java.util.Map;

/**
 * A probe that reads in a run.
 *
 * @param probe id of its plugin
 * @param every so many steps
 * @param step in which it read last; 0 before that
 * @param program of which
 * @param values that it read then
 */
public record Probing(String probe, long every, long step, String program, Map<String, Double> values) {}
