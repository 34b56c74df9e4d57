package org.kolotoc.engine.channel;

import java.util.Map;

/**
 * What a run measured because somebody asked, on held-out data and with the weights as they were.
 *
 * @param step after which it was
 * @param measures by name; none where the phase measures nothing then
 */
public record Evaluation(long step, String phase, Map<String, Double> measures) {}
