package org.kolotoc.engine.prepare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;

/**
 * A compiled program with its feeds and outputs. Whoever prepares a program of the same content in the place of another takes
 * over what that one compiled and bound; the last of them gives it back.
 */
final class Compiled {
    private final Executable executable;
    private final Map<String, LateBuffer> own = new LinkedHashMap<>();
    private Executable.Step step;
    private int holders = 1;

    /** Takes no memory yet. */
    Compiled(Executable executable, Program program, Backend backend) {
        this.executable = executable;
        program.inputs().forEach((input, leaf) -> {
            if (!program.isState(input)) {
                own.put(input, LateBuffer.of(leaf, backend));
            }
        });
        program.outputs().forEach((output, value) -> own.put(output, LateBuffer.of(value, backend)));
    }

    /** One more has it, unless it was given back by then. */
    synchronized boolean hold() {
        holders += holders > 0 ? 1 : 0;
        return holders > 0;
    }

    Executable executable() {
        return executable;
    }

    /** Feeds and outputs by name. */
    Map<String, LateBuffer> own() {
        return own;
    }

    /** Takes the memory of the states and of the program, unless it was taken before. */
    Executable.Step bound(Program program, Function<String, Buffer> states) {
        if (step == null) {
            Map<String, Buffer> all = new HashMap<>();
            own.forEach((name, buffer) -> all.put(name, buffer.allocated()));
            program.inputs().keySet().stream()
                    .filter(program::isState)
                    .forEach(name -> all.put(name, states.apply(name)));
            step = executable.bind(all);
        }
        return step;
    }

    private synchronized boolean isLast() {
        return --holders == 0;
    }

    /** One has it no more. */
    void release() {
        if (isLast()) {
            List<Runnable> closing = new ArrayList<>(List.of(executable::close));
            own.values().forEach(buffer -> closing.add(buffer::close));
            Closing.all(closing);
        }
    }
}
