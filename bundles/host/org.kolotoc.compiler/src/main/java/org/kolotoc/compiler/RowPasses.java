package org.kolotoc.compiler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/** What a kernel reads in which pass over the row, at most: a backend may keep a value for a later pass and not read it again. */
final class RowPasses {
    private final List<Instruction> body;
    private final UniformityAnalysis levels;
    /** By pass, the lines that it needs. */
    private final List<BitSet> needed = new ArrayList<>();

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
                case Instruction.Store store -> need(store.operand());
                default -> {}
            }
        }
    }

    /** In the pass that computes a value: all that it is computed of, down to what earlier passes reduced. */
    private void need(int value) {
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
    }

    /**
     * Whether storing to a buffer could change what the kernel still has to load from it: another element, or the same one in
     * a later pass.
     */
    boolean disturb(int buffer) {
        for (Instruction line : body) {
            if (line instanceof Instruction.Store store && store.buffer() == buffer && disturbs(store)) {
                return true;
            }
        }
        return false;
    }

    private boolean disturbs(Instruction.Store store) {
        for (int line = 0; line < body.size(); line++) {
            if (body.get(line) instanceof Instruction.Load load && load.buffer() == store.buffer()) {
                boolean sameElement = load.at().equals(store.at());
                if (!sameElement || !store.at().varying() && levels.last() > 0 || isNeededAfter(store, line)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isNeededAfter(Instruction.Store store, int line) {
        return needed.subList(levels.level(store.operand()) + 1, needed.size()).stream()
                .anyMatch(lines -> lines.get(line));
    }
}
