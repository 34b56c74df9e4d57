package org.kolotoc.backend.tornado.kernels;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.kolotoc.tensor.Op.ReduceKind;

/**
 * Reductions over the items of a group in local memory, in a fixed order: some items combine a part each, then every item
 * combines the parts. That takes two barriers however many items there are; a barrier costs time on a device, and on a
 * processor it costs the translator a copy of the code around it.
 */
final class TreeReduction {
    private final Code code;
    private final Operand item;
    private final int items;
    private final int parts;
    private final Map<Boolean, GroupMemory> shared = new HashMap<>();

    /**
     * Takes local memory.
     *
     * @param items of the group, a power of two
     * @param reductions how many are done at once at most, of floats ({@code true}) and of ints
     */
    TreeReduction(Code code, Operand item, int items, Map<Boolean, Integer> reductions) {
        this.code = code;
        this.item = item;
        this.items = items;
        int root = 1;
        while (root * root < items) {
            root *= 2;
        }
        this.parts = root;
        for (boolean floating : List.of(true, false)) {
            if (reductions.containsKey(floating)) {
                shared.put(floating, code.shared(floating, reductions.get(floating) * (items + parts)));
            }
        }
    }

    /** What all items know afterwards. */
    <K> Map<K, Operand> reduce(Map<K, Operand.Local> own, Function<K, ReduceKind> kinds) {
        if (own.isEmpty()) {
            return Map.of();
        }
        Elementary elementary = new Elementary(code);
        Map<K, Operand> first = new HashMap<>();
        Map<Boolean, Integer> used = new HashMap<>();
        own.forEach((key, value) -> {
            int at = used.merge(value.floating(), items + parts, Integer::sum) - items - parts;
            first.put(key, Operand.of(at));
            shared.get(value.floating()).store(code.add(item, Operand.of(at)), value);
        });
        code.barrier();
        code.when(
                code.less(item, Operand.of(parts)),
                () -> own.forEach((key, value) -> {
                    GroupMemory memory = shared.get(value.floating());
                    Operand at = code.add(item, first.get(key));
                    Operand total = memory.load(at);
                    for (int i = parts; i < items; i += parts) {
                        Operand next = memory.load(code.add(at, Operand.of(i)));
                        total = elementary.combine(kinds.apply(key), total, next);
                    }
                    memory.store(code.add(at, Operand.of(items)), total);
                }));
        code.barrier();
        Map<K, Operand> totals = new LinkedHashMap<>();
        own.forEach((key, value) -> {
            GroupMemory memory = shared.get(value.floating());
            Operand at = code.add(first.get(key), Operand.of(items));
            Operand total = memory.load(at);
            for (int i = 1; i < parts; i++) {
                Operand next = memory.load(code.add(at, Operand.of(i)));
                total = elementary.combine(kinds.apply(key), total, next);
            }
            totals.put(key, total);
        });
        return totals;
    }
}
