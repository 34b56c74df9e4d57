package org.kolotoc.engine.channel;

import java.util.List;
import org.kolotoc.api.Sample;

/**
 * Samples that a run drew because somebody asked, with the weights as they were.
 *
 * @param step after which it was
 * @param name of their plan
 * @param prompt that they go on from, or empty
 */
public record Drawn(long step, String name, String prompt, List<Sample> samples) {}
