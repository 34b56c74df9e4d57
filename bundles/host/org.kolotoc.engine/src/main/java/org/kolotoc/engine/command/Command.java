package org.kolotoc.engine.command;

import java.util.function.ToIntFunction;

/** A command that says what it takes. */
public interface Command extends ToIntFunction<String[]> {
    /** What its command line may hold. */
    Syntax syntax();
}
