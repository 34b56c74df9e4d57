package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers that differ between launches of one kernel: where a buffer begins, say. Its code loads them before all else. */
final class LaunchParameters {
    private final Code code;
    private final List<Operand> loaded = new ArrayList<>();
    private final List<Integer> values = new ArrayList<>();
    private final Map<Object, Operand> named = new HashMap<>();

    /**
     * Loads them.
     *
     * @param count how many there are; 0 also while that is not known yet
     * @param planes whether each plane of groups is a launch of its own, with its own line of them
     */
    LaunchParameters(Code code, int count, boolean planes) {
        this.code = code;
        if (count > 0) {
            Operand line = planes ? code.mul(code.id("groupIdz"), Operand.of(count)) : Operand.of(0);
            for (int i = 0; i < count; i++) {
                loaded.add(code.loadParameter(code.add(line, Operand.of(i))));
            }
        }
    }

    /**
     * One of them.
     *
     * @param name asked for again, it is the same number
     */
    Operand of(Object name, int value) {
        return named.computeIfAbsent(name, _ -> {
            values.add(value);
            return loaded.isEmpty() ? code.variable(Operand.of(value)) : loaded.get(values.size() - 1);
        });
    }

    /** What the launch passes, in the order in which the code asked for it. */
    List<Integer> values() {
        return List.copyOf(values);
    }
}
