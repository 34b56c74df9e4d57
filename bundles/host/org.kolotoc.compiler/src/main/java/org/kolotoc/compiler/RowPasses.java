package org.kolotoc.compiler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a kernel reads in which pass over the row, and what of it before it stores. A backend computes the reductions and stores of
 * a pass line by line, and loads an element where the first of them needs it; for a later pass it may keep a value or load it again.
 * What does not vary along the row it loads before the first pass, since a load waits for no reduction, and stores behind the
 * last, when all who work on the row have loaded.
 */
final class RowPasses {
    private final List<Instruction> body;
    private final UniformityAnalysis levels;
    /** By pass, the lines that it needs. */
    private final List<BitSet> needed = new ArrayList<>();
    /** By the line of a store, the lines that its pass needed until then. */
    private final Map<Integer, BitSet> loaded = new HashMap<>();

    RowPasses(List<Instruction> body) {
        this.body = body;
        this.levels = new UniformityAnalysis(body);
        for (int pass = 0; pass <= levels.last(); pass++) {
            needed.add(new BitSet());
        }
        for (int line = 0; line < body.size(); line++) {
            switch (body.get(line)) {
                case Instruction.RowReduce reduce -> need(reduce.operand());
                case Instruction.ColumnReduce reduce -> need(reduce.operand());
                case Instruction.Store store ->
                    loaded.put(line, (BitSet) need(store.operand()).clone());
                default -> {}
            }
        }
    }

    /**
     * In the pass that computes a value: all that it is computed of, down to what earlier passes reduced.
     *
     * @return all that this pass needs so far
     */
    private BitSet need(int value) {
        BitSet lines = needed.get(levels.level(value));
        Deque<Integer> open = new ArrayDeque<>(List.of(value));
        while (!open.isEmpty()) {
            int line = open.pop();
            if (!lines.get(line)) {
                lines.set(line);
                if (!(body.get(line) instanceof Instruction.RowReduce)) {
                    open.addAll(UniformityAnalysis.operands(body.get(line)));
                }
            }
        }
        return lines;
    }

    /**
     * Whether storing to a buffer could change what the kernel still has to load from it: another element, or the same one later
     * on.
     */
    boolean disturb(int buffer) {
        for (int line = 0; line < body.size(); line++) {
            if (body.get(line) instanceof Instruction.Store store
                    && store.buffer() == buffer
                    && disturbs(store, line)) {
                return true;
            }
        }
        return false;
    }

    private boolean disturbs(Instruction.Store store, int at) {
        for (int line = 0; line < body.size(); line++) {
            if (body.get(line) instanceof Instruction.Load load && load.buffer() == store.buffer()) {
                boolean sameElement = load.at().equals(store.at());
                // A row that is summed is run whole, and no other has the element: it was loaded before any pass.
                boolean lastOfRow = !store.at().varying() && levels.last() > 0;
                if (!sameElement || !lastOfRow && isLoadedAfter(at, store, line)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isLoadedAfter(int at, Instruction.Store store, int line) {
        int pass = levels.level(store.operand());
        return needed.get(pass).get(line) && !loaded.get(at).get(line)
                || needed.subList(pass + 1, needed.size()).stream().anyMatch(lines -> lines.get(line));
    }
}
