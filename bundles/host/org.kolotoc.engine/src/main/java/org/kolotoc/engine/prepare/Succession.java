package org.kolotoc.engine.prepare;

import java.util.Map;
import org.kolotoc.engine.state.LiveState;

/**
 * What a successor of an arrangement is prepared from. Taken between two steps, so that it may be prepared while further ones
 * are taken.
 *
 * @param before in whose place it is to come
 * @param place of the phase that goes on
 * @param programs of the phases, by their place
 * @param state on the buffers of the one before
 */
record Succession(Arrangement before, int place, Map<Integer, Map<String, Prepared>> programs, LiveState state) {}
