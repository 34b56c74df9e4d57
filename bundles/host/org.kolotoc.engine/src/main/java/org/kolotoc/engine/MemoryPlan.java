package org.kolotoc.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Explanation;

/**
 * What a prepared experiment will take of memory, known before its first step.
 *
 * @param shares who takes how much, the largest first
 * @param limit bytes there are; 0 where nobody knows
 * @param limitedBy where the limit comes from
 * @param files bytes of temporary files with data: the system keeps in memory what it has room for, so they are no share
 */
public record MemoryPlan(List<Share> shares, long limit, String limitedBy, long files) {
    /** Settings of a phase that change what it takes; named where it has them. */
    private static final List<String> KNOBS = List.of("batch", "context", "accumulate", "recompute");

    /** Largest holdings of a program that are named. */
    private static final int NAMED = 3;

    /**
     * The part of one owner.
     *
     * @param owner in words: {@code states of model}
     * @param detail what it is made of, or empty
     */
    public record Share(String owner, long bytes, String detail) {}

    /**
     * Adds up what an experiment needs; to be asked before it runs.
     *
     * @param samples bytes that writing samples takes, see {@link Sampler#check}
     * @param given the limit that a person set; what the device has if none
     */
    public static MemoryPlan of(Workbench bench, long samples, Optional<Long> given) {
        List<Share> shares = new ArrayList<>();
        bench.state().bytes().forEach((owner, bytes) -> shares.add(new Share("states of " + owner, bytes, "")));
        bench.programs().forEach((name, program) -> {
            Explanation explanation = program.explain();
            shares.add(new Share("activations of " + name, explanation.scratchBytes(), holdings(explanation)));
            shares.add(new Share("feeds and outputs of " + name, explanation.feedBytes(), ""));
        });
        shares.add(new Share("writing samples", samples, ""));
        Backend.Memory memory = bench.backend().memory();
        // The data is open: where the backend counts the memory of this process, it is in there already.
        Dataset.Held held = bench.data().held();
        long data = Math.min(held.memory(), memory.overhead());
        shares.add(new Share("data", data, ""));
        shares.add(new Share("code, heap and libraries", memory.overhead() - data, ""));
        shares.sort((a, b) -> Long.compare(b.bytes(), a.bytes()));
        return new MemoryPlan(
                List.copyOf(shares),
                given.orElse(memory.total()),
                given.isPresent() ? "--memory" : "memory of the machine, container or device",
                held.files());
    }

    /** Everything. */
    public long total() {
        return shares.stream().mapToLong(Share::bytes).sum();
    }

    /** Whether there is so much, as far as anybody knows. */
    public boolean fits() {
        return limit == 0 || total() <= limit;
    }

    /**
     * Refuses what does not fit.
     *
     * @throws InputError with the figure, the owners and the settings that change it
     */
    public void require(Workbench bench) {
        require("take less: " + knobs(bench) + "; or say how much there is: " + enough());
    }

    /**
     * Refuses what does not fit, of a run whose settings are its past.
     *
     * @param run its folder
     * @throws InputError with the figure, the owners and the settings that a new run could change
     */
    public void requireToGoOn(Workbench bench, Path run) {
        require("say how much there is: " + enough()
                + "; or, since a run that goes on keeps its settings, begin one that"
                + " takes less (" + knobs(bench) + "): ./kolotoc run " + run.resolve("experiment.json")
                + " --set <setting>=<value>");
    }

    private void require(String next) {
        if (!fits()) {
            throw InputError.of(
                    "the run would take " + text(total()) + " of memory, but there is " + text(limit) + " (" + limitedBy
                            + ")\n" + table(),
                    next);
        }
    }

    private String enough() {
        return "--memory " + (total() / 1_000_000_000 + 1) + "g";
    }

    /** A line for each owner of a noticeable part. */
    public String table() {
        Stream<String> noticeable = shares.stream()
                .filter(share -> share.bytes() * 200 >= total())
                .map(share -> "  " + text(share.bytes()) + "  " + share.owner()
                        + (share.detail().isEmpty() ? "" : ": " + share.detail()));
        Stream<String> beside =
                files == 0 ? Stream.of() : Stream.of("  " + text(files) + "  more on disk, in temporary files: data");
        return Stream.concat(noticeable, beside).collect(Collectors.joining("\n"));
    }

    /** Bytes for a person: {@code 1984 MB}. */
    public static String text(long bytes) {
        return String.format(Locale.ROOT, bytes < 10_000_000 ? "%.1f MB" : "%.0f MB", bytes / 1e6);
    }

    private static String holdings(Explanation explanation) {
        return explanation.holdings().stream()
                .limit(NAMED)
                .map(holding -> holding.owner() + " " + text(holding.bytes()))
                .collect(Collectors.joining(", "));
    }

    private static String knobs(Workbench bench) {
        List<String> knobs = new ArrayList<>();
        for (int i = 0; i < bench.seating().phases().size(); i++) {
            Record settings = bench.seating().phases().get(i).settings();
            String path = "phases." + i + ".";
            Arrays.stream(settings.getClass().getRecordComponents())
                    .map(component -> component.getName())
                    .filter(KNOBS::contains)
                    .map(path::concat)
                    .forEach(knobs::add);
        }
        return knobs.isEmpty() ? "a smaller model or batch" : String.join(", ", knobs);
    }
}
