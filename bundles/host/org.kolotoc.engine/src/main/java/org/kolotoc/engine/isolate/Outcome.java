package org.kolotoc.engine.isolate;

import java.nio.file.Path;

/**
 * What a process says of the run that came to its end in it.
 *
 * @param state in a word: {@code FINISHED}
 * @param verdict in a word; empty where it was not judged
 * @param refused whether it was judged and did not meet its criteria, or they prove nothing
 */
public record Outcome(String state, long step, Path folder, String verdict, boolean refused) {}
