package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
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
final class Schedule {
    private final Map<String, Value> writers;
    private final Map<FusionGroup, Set<FusionGroup>> needed = new HashMap<>();
    private final Map<FusionGroup, Set<FusionGroup>> followers = new HashMap<>();
    /** Units that read a state and have not run yet. */
    private final Map<String, Set<FusionGroup>> readers = new HashMap<>();

    private Schedule(List<FusionGroup> groups, Map<String, Value> writers) {
        this.writers = writers;
        Map<Value, FusionGroup> groupOf = new HashMap<>();
        groups.forEach(group -> group.members.forEach(member -> groupOf.put(member, group)));
        for (FusionGroup group : groups) {
            Set<FusionGroup> before = new HashSet<>();
            for (Value member : group.members) {
                for (Value source : member.needs()) {
                    FusionGroup producer = groupOf.get(source);
                    if (producer != null && producer != group && before.add(producer)) {
                        followers
                                .computeIfAbsent(producer, _ -> new LinkedHashSet<>())
                                .add(group);
                    }
                    if (source.op instanceof Op.Input input) {
                        readers.computeIfAbsent(input.name(), _ -> new HashSet<>())
                                .add(group);
                    }
                }
            }
            needed.put(group, before);
        }
    }

    /**
     * Orders groups.
     *
     * @param writers the value written to each updated state
     */
    static List<FusionGroup> of(List<FusionGroup> groups, Map<String, Value> writers) {
        return new Schedule(groups, writers).ordered(groups);
    }

    private List<FusionGroup> ordered(List<FusionGroup> groups) {
        PriorityQueue<FusionGroup> ready =
                new PriorityQueue<>((a, b) -> Integer.compare(a.members.getLast().id, b.members.getLast().id));
        List<FusionGroup> updates = new ArrayList<>();
        groups.stream().filter(group -> needed.get(group).isEmpty()).forEach(ready::add);
        List<FusionGroup> sequence = new ArrayList<>();
        while (!ready.isEmpty()) {
            FusionGroup group =
                    updates.stream().filter(this::isUnread).findFirst().orElseGet(ready::peek);
            ready.remove(group);
            updates.remove(group);
            sequence.add(group);
            readers.values().forEach(open -> open.remove(group));
            for (FusionGroup follower : followers.getOrDefault(group, Set.of())) {
                needed.get(follower).remove(group);
                if (needed.get(follower).isEmpty()) {
                    ready.add(follower);
                    if (updates(follower)) {
                        updates.add(follower);
                    }
                }
            }
        }
        if (sequence.size() != groups.size()) {
            throw new IllegalStateException("kernels wait for each other in a circle");
        }
        return sequence;
    }

    private static Collection<Value> stores(FusionGroup group) {
        return group.isFused() ? group.stores : group.members;
    }

    private boolean updates(FusionGroup group) {
        return !stores(group).isEmpty() && stores(group).stream().allMatch(value -> state(value) != null);
    }

    /** The state that a value is the new content of, or null. */
    private String state(Value value) {
        Value owner = LayoutAssignment.view(value).owner();
        return owner.bound != null && writers.get(owner.bound) == owner ? owner.bound : null;
    }

    private boolean isUnread(FusionGroup group) {
        return stores(group).stream().allMatch(value -> {
            Set<FusionGroup> open = readers.getOrDefault(state(value), Set.of());
            return open.isEmpty() || open.size() == 1 && open.contains(group);
        });
    }
}
