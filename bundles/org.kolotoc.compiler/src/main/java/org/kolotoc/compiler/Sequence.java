package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.kolotoc.tensor.Op;

/**
 * The order in which kernels run: operands first; among what could run, what the program says first. A kernel that
 * writes nothing but new contents of states runs as soon as nobody needs the old ones any more: what it reads (a
 * gradient) then lives no longer than it must.
 */
final class Sequence {
    private final Map<String, Value> writers;
    private final Map<Unit, Set<Unit>> needed = new HashMap<>();
    private final Map<Unit, Set<Unit>> followers = new HashMap<>();
    /** Units that read a state and have not run yet. */
    private final Map<String, Set<Unit>> readers = new HashMap<>();

    private Sequence(List<Unit> units, Map<String, Value> writers) {
        this.writers = writers;
        Map<Value, Unit> unitOf = new HashMap<>();
        units.forEach(unit -> unit.members.forEach(member -> unitOf.put(member, unit)));
        for (Unit unit : units) {
            Set<Unit> before = new HashSet<>();
            for (Value member : unit.members) {
                for (Value source : member.needs()) {
                    Unit producer = unitOf.get(source);
                    if (producer != null && producer != unit && before.add(producer)) {
                        followers
                                .computeIfAbsent(producer, _ -> new HashSet<>())
                                .add(unit);
                    }
                    if (source.op instanceof Op.Input input) {
                        readers.computeIfAbsent(input.name(), _ -> new HashSet<>())
                                .add(unit);
                    }
                }
            }
            needed.put(unit, before);
        }
    }

    /**
     * Orders units.
     *
     * @param writers the value written to each updated state
     */
    static List<Unit> of(List<Unit> units, Map<String, Value> writers) {
        return new Sequence(units, writers).ordered(units);
    }

    private List<Unit> ordered(List<Unit> units) {
        PriorityQueue<Unit> ready =
                new PriorityQueue<>((a, b) -> Integer.compare(a.members.getLast().id, b.members.getLast().id));
        List<Unit> updates = new ArrayList<>();
        units.stream().filter(unit -> needed.get(unit).isEmpty()).forEach(ready::add);
        List<Unit> sequence = new ArrayList<>();
        while (!ready.isEmpty()) {
            Unit unit = updates.stream().filter(this::isUnread).findFirst().orElseGet(ready::peek);
            ready.remove(unit);
            updates.remove(unit);
            sequence.add(unit);
            readers.values().forEach(open -> open.remove(unit));
            for (Unit follower : followers.getOrDefault(unit, Set.of())) {
                needed.get(follower).remove(unit);
                if (needed.get(follower).isEmpty()) {
                    ready.add(follower);
                    if (updates(follower)) {
                        updates.add(follower);
                    }
                }
            }
        }
        if (sequence.size() != units.size()) {
            throw new IllegalStateException("kernels wait for each other in a circle");
        }
        return sequence;
    }

    private static Collection<Value> stores(Unit unit) {
        return unit.isFused() ? unit.stores : unit.members;
    }

    private boolean updates(Unit unit) {
        return !stores(unit).isEmpty() && stores(unit).stream().allMatch(value -> state(value) != null);
    }

    /** The state that a value is the new content of, or null. */
    private String state(Value value) {
        Value owner = Layouts.view(value).owner();
        return owner.bound != null && writers.get(owner.bound) == owner ? owner.bound : null;
    }

    private boolean isUnread(Unit unit) {
        return stores(unit).stream().allMatch(value -> {
            Set<Unit> open = readers.getOrDefault(state(value), Set.of());
            return open.isEmpty() || open.size() == 1 && open.contains(unit);
        });
    }
}
