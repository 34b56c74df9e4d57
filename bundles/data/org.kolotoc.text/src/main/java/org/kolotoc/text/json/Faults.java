package org.kolotoc.text.json;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.kolotoc.api.InputError;

/** What is wrong with a file: its parts are looked at one by one, and all is told at once, so that it is mended in one go. */
public final class Faults {
    /** Faults that a person may want to read at once. */
    private static final int MOST = 50;

    private final String file;

    /** What to do next, by what is wrong. */
    private final Map<String, String> found = new LinkedHashMap<>();

    private int unsaid;

    /** @param file name for messages, which those of its faults may begin with */
    public Faults(String file) {
        this.file = file;
    }

    /** Notes a fault; one that was met before is the same. */
    public void add(InputError fault) {
        if (found.size() < MOST || found.containsKey(fault.getMessage())) {
            found.putIfAbsent(fault.getMessage(), fault.next());
        } else {
            unsaid++;
        }
    }

    /** Notes the faults of another file, which its messages name. */
    public void addAll(Faults other) {
        other.found.forEach((message, next) -> add(InputError.of(message, next)));
        unsaid += other.unsaid;
    }

    /** Looks at a part, up to its first fault. */
    public void look(Runnable part) {
        of(() -> {
            part.run();
            return part;
        });
    }

    /** What a part gives; nothing where it has a fault. */
    public <T> Optional<T> of(Supplier<T> part) {
        try {
            return Optional.of(part.get());
        } catch (InputError e) {
            add(e);
            return Optional.empty();
        }
    }

    public boolean none() {
        return found.isEmpty();
    }

    /** @throws InputError with all that was noted, if anything was */
    public void refuse() {
        if (none()) {
            return;
        }
        if (found.size() == 1) {
            found.forEach((message, next) -> {
                throw InputError.of(message, next);
            });
        }
        String before = file + ": ";
        List<String> messages = found.keySet().stream()
                .map(message -> message.startsWith(before) ? message.substring(before.length()) : message)
                .toList();
        throw InputError.of(
                before + found.size() + (unsaid == 0 ? "" : " and " + unsaid + " more") + " faults:\n  "
                        + String.join("\n  ", messages),
                String.join("; ", new LinkedHashSet<>(found.values())));
    }
}
