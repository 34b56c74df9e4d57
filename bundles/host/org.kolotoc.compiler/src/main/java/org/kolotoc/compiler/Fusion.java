package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kolotoc.tensor.Op;

/**
 * Puts values into kernels: a value joins the kernel of its operand when both run over the same space and no value
 * outside has to run between them. What leaves a kernel is stored, unless it is cheaper to compute again where it is
 * needed from what is there anyway.
 */
final class Fusion {
    /** Most members of a kernel; larger bodies are not compiled well. */
    private static final int MOST_MEMBERS = 56;
    /** Most work (see {@link #cost}) that is done again rather than stored. */
    private static final int CHEAP = 24;
    /** Most values that are loaded to do work again: loads make a kernel large, and it may be all that one value needs. */
    private static final int MOST_LEAVES = 6;

    private final List<Value> order;
    private final FusionGroup[] groups;
    private final List<List<Value>> producers = new ArrayList<>();
    private final List<List<Value>> consumers = new ArrayList<>();
    private final boolean[] again;
    private final Estimate estimate;

    /**
     * Fuses values in order of execution.
     *
     * @param apart values that stay alone because a kernel with them could not be written
     * @param parts of kernels that were too large, by their values; two parts share no kernel
     */
    Fusion(List<Value> order, Set<Integer> apart, Map<Integer, Integer> parts, KernelLimit limit) {
        this.order = order;
        this.estimate = new Estimate(limit, consumers);
        this.groups = new FusionGroup[order.size()];
        this.again = new boolean[order.size()];
        for (Value value : order) {
            producers.add(new ArrayList<>());
            consumers.add(new ArrayList<>());
        }
        for (Value value : order) {
            if (!value.isMovement() && !value.isFree()) {
                groups[value.id] = new FusionGroup(value, parts.getOrDefault(value.id, 0));
                for (Value source : value.needs()) {
                    if (!source.isFree()) {
                        producers.get(value.id).add(source);
                        consumers.get(source.id).add(value);
                    }
                }
            }
        }
        for (Value value : order) {
            if (value.isFusible() && !apart.contains(value.id)) {
                for (Value operand : value.operands) {
                    Value source = operand.source();
                    if (source.isFusible() && !apart.contains(source.id) && keepsOrder(operand)) {
                        merge(groups[source.id], groups[value.id]);
                    }
                }
            }
        }
        for (Value value : order) {
            if (limit.sharesReductions() && !value.isFusible() && !value.isFree() && !value.isMovement()) {
                mergeReductions(consumers.get(value.id), apart);
            }
        }
        decideStores();
    }

    /** Reductions of one value that no kernel computes: it is read once, as the gradient of a norm is for all that it sends back. */
    private void mergeReductions(List<Value> readers, Set<Integer> apart) {
        FusionGroup first = null;
        for (Value reader : readers) {
            FusionGroup group = groups[reader.id];
            if (reader.isFusible() && !apart.contains(reader.id) && group.reduces()) {
                if (first == null) {
                    first = group;
                } else if (first.reduces()) {
                    merge(first, group);
                }
            }
        }
    }

    /** Units in order of their last member. */
    List<FusionGroup> groups() {
        Set<FusionGroup> distinct = new LinkedHashSet<>();
        for (Value value : order.reversed()) {
            if (groups[value.id] != null && !value.isGiven()) {
                distinct.add(groups[value.id]);
            }
        }
        return List.copyOf(distinct).reversed();
    }

    /** Whether a value is computed inside a group rather than loaded by it. */
    boolean computes(FusionGroup group, Value value) {
        return groups[value.id] == group || again[value.id];
    }

    private static boolean keepsOrder(Value operand) {
        for (Value value = operand; value.isMovement(); value = value.operand(0)) {
            if (value.after != null || !(value.op instanceof Op.Reshape || value.op instanceof Op.Broadcast)) {
                return false;
            }
        }
        return true;
    }

    private void merge(FusionGroup first, FusionGroup second) {
        if (first == second
                || first.members.size() + second.members.size() > MOST_MEMBERS
                || !sameSpace(first, second)
                || readsColumns(first, second)
                || first.part != 0 && second.part != 0 && first.part != second.part
                || !estimate.fits(first.members, second.members)
                || between(first, second)) {
            return;
        }
        first.part = Math.max(first.part, second.part);
        if (!first.reduces()) {
            first.rows = second.rows;
            first.inner = second.inner;
        }
        first.members.addAll(second.members);
        first.members.sort((a, b) -> Integer.compare(a.id, b.id));
        second.members.forEach(member -> groups[member.id] = first);
    }

    private static boolean sameSpace(FusionGroup a, FusionGroup b) {
        if (a.reduces() && b.reduces()) {
            return a.rows == b.rows && a.inner == b.inner;
        }
        if (!a.reduces() && !b.reduces()) {
            return a.elements() == b.elements();
        }
        FusionGroup reducing = a.reduces() ? a : b;
        FusionGroup plain = a.reduces() ? b : a;
        return plain.elements() == reducing.elements() || plain.elements() == reducing.rows;
    }

    /** Column sums are there only when the whole kernel has run. */
    private boolean readsColumns(FusionGroup first, FusionGroup second) {
        return columnsReach(first, second) || columnsReach(second, first);
    }

    private boolean columnsReach(FusionGroup from, FusionGroup to) {
        for (Value member : from.members) {
            if (member.isColumnReduction()) {
                for (Value consumer : consumers.get(member.id)) {
                    if (groups[consumer.id] == to) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Whether something outside both has to run after one and before the other. */
    private boolean between(FusionGroup first, FusionGroup second) {
        int last = Math.max(first.members.getLast().id, second.members.getLast().id);
        return reaches(first, second, last) || reaches(second, first, last);
    }

    private boolean reaches(FusionGroup from, FusionGroup to, int last) {
        Set<FusionGroup> seen = new HashSet<>();
        List<FusionGroup> open = new ArrayList<>();
        for (Value member : from.members) {
            for (Value consumer : consumers.get(member.id)) {
                FusionGroup group = groups[consumer.id];
                if (group != from && group != to && seen.add(group)) {
                    open.add(group);
                }
            }
        }
        while (!open.isEmpty()) {
            for (Value member : open.removeLast().members) {
                for (Value consumer : consumers.get(member.id)) {
                    FusionGroup group = groups[consumer.id];
                    if (group == to) {
                        return true;
                    }
                    if (group.members.getFirst().id <= last && seen.add(group)) {
                        open.add(group);
                    }
                }
            }
        }
        return false;
    }

    private void decideStores() {
        for (Value value : order) {
            if (!value.isFusible()) {
                continue;
            }
            boolean leaves = value.stored || value.bound != null;
            boolean read = consumers.get(value.id).stream().anyMatch(c -> groups[c.id] != groups[value.id]);
            if (leaves || read && !isCheap(value)) {
                groups[value.id].stores.add(value);
            } else if (read) {
                again[value.id] = true;
                markReductions(value);
            }
        }
        for (Value value : order) {
            if (value.isFusible() && again[value.id]) {
                again[value.id] = !groups[value.id].stores.contains(value);
            }
        }
    }

    private boolean isCheap(Value value) {
        if (value.op instanceof Op.Reduce) {
            return false;
        }
        Set<Value> leaves = new HashSet<>();
        int work = work(value, leaves, new HashSet<>(), 0);
        long large =
                leaves.stream().filter(leaf -> leaf.size() * 2L > value.size()).count();
        return work <= CHEAP && large <= 1 && leaves.size() <= MOST_LEAVES;
    }

    private int work(Value value, Set<Value> leaves, Set<Value> seen, int spent) {
        if (spent > CHEAP || !seen.add(value)) {
            return spent;
        }
        if (value.isFree()) {
            return spent;
        }
        if (!value.isFusible() || value.op instanceof Op.Reduce || groups[value.id].stores.contains(value)) {
            leaves.add(value);
            return spent;
        }
        int total = spent + cost(value);
        for (Value operand : value.operands) {
            total = work(operand.source(), leaves, seen, total);
        }
        return total;
    }

    /** Reductions below a value that is computed again have to be stored for it; they are small. */
    private void markReductions(Value value) {
        for (Value operand : value.operands) {
            Value source = operand.source();
            if (source.op instanceof Op.Reduce) {
                groups[source.id].stores.add(source);
            } else if (source.isFusible() && !groups[source.id].stores.contains(source)) {
                again[source.id] = true;
                markReductions(source);
            }
        }
    }

    /** Roughly how many vector instructions an element takes. */
    private static int cost(Value value) {
        return switch (value.op) {
            case Op.Unary unary ->
                switch (unary.kind()) {
                    case NEG, ABS, SIGN, NOT, FLOOR -> 1;
                    case SQRT, RSQRT -> 5;
                    case EXP -> 8;
                    case LOG, TANH -> 12;
                    case ERF, SIN, COS -> 16;
                };
            case Op.Binary binary ->
                switch (binary.kind()) {
                    case DIV -> 5;
                    case POW -> 25;
                    default -> 1;
                };
            case Op.RandomUniform _ -> 25;
            case Op.RandomNormal _ -> 80;
            default -> 1;
        };
    }

    @Override
    public String toString() {
        return Arrays.toString(groups);
    }
}
