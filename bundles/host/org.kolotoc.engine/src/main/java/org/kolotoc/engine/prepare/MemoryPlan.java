package org.kolotoc.engine.prepare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Settings;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Explanation;

/**
 * What a prepared experiment will take of memory, known before its first step.
 *
 * @param shares who takes how much while the phase goes on that takes most, the largest first
 * @param own bytes that it takes itself
 * @param overhead bytes that are taken beside it and other runs
 * @param limit bytes there are; 0 where nobody knows
 * @param limitedBy where the limit comes from
 * @param files bytes of temporary files with data: the system keeps in memory what it has room for, so they are no share
 * @param phases bytes of everything while each phase goes on, by its name
 * @param host what it takes of the host beside a device that has a memory of its own; else null
 */
public record MemoryPlan(
        List<Share> shares,
        long own,
        long overhead,
        long limit,
        String limitedBy,
        long files,
        Map<String, Long> phases,
        Host host) {
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
     * The host's memory beside a device's.
     *
     * @param bytes of everything: the process, its buffers, and a copy of all that is on the device
     * @param limit bytes there are; 0 where nobody knows
     */
    public record Host(long bytes, long limit) {}

    /**
     * Runs that go on beside it.
     *
     * @param overhead bytes that were taken beside runs before the first of them
     * @param promised bytes they take themselves
     * @param names of the runs
     */
    public record Others(long overhead, long promised, List<String> names) {}

    /**
     * Adds up what an experiment needs; to be asked before it runs. Of its phases the one that takes most counts: they take
     * it one after the other.
     *
     * @param given the limit that a person set; what the device has if none
     */
    public static MemoryPlan of(Workbench bench, Optional<Long> given) {
        return of(bench, given, Optional.empty());
    }

    /** The same beside other runs, of which some of the memory that is taken by now may be. */
    static MemoryPlan of(Workbench bench, Optional<Long> given, Optional<Others> others) {
        List<Share> shares = new ArrayList<>();
        Map<String, Long> states = new TreeMap<>(bench.state().bytes());
        Map<String, List<Share>> ofPhases = new LinkedHashMap<>();
        bench.stages().forEach(stage -> ofPhases.put(stage.plan().name(), of(bench, stage, states)));
        states.forEach((owner, bytes) -> shares.add(new Share("states of " + owner, bytes, "")));
        shares.add(new Share("drawing and judging samples", bench.drawing().bytes(), ""));
        Backend.Memory memory = bench.backend().memory();
        long held = 0;
        long files = 0;
        for (Dataset dataset : bench.data().values()) {
            Dataset.Held of = dataset.held();
            held += of.memory();
            files += of.files();
        }
        // The data is open: where the backend counts the memory of this process, it is in there already. That of an
        // experiment beside others is not in what the first of them found.
        long overhead = others.map(Others::overhead).orElse(memory.overhead() - Math.min(held, memory.overhead()));
        long data = memory.overhead() == 0 ? 0 : Math.min(held, memory.overhead());
        shares.add(new Share("data", data, ""));
        List<Share> most = largest(sums(ofPhases, 0)).map(ofPhases::get).orElse(List.of());
        shares.addAll(most);
        long own = sum(shares);
        shares.add(new Share("code, heap and libraries", overhead, ""));
        others.filter(runs -> !runs.names().isEmpty())
                .ifPresent(runs -> shares.add(
                        new Share("runs that go on: " + String.join(", ", runs.names()), runs.promised(), "")));
        Map<String, Long> phases = sums(ofPhases, sum(shares) - sum(most));
        shares.sort((a, b) -> Long.compare(b.bytes(), a.bytes()));
        return new MemoryPlan(
                List.copyOf(shares),
                own,
                overhead,
                given.orElse(memory.total()),
                given.isPresent() ? "--memory" : "memory of the machine, container or device",
                files,
                Collections.unmodifiableMap(phases),
                host(bench, own));
    }

    /**
     * What it takes of the host; null where a device's memory is the host's.
     *
     * @param device bytes that it takes there
     */
    private static Host host(Workbench bench, long device) {
        Backend.Memory memory = bench.backend().hostMemory();
        if (memory.equals(Backend.Memory.UNKNOWN)) {
            return null;
        }
        long states = bench.state().bytes().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return new Host(memory.overhead() + device + states, memory.total());
    }

    /** What each phase takes, with what is taken all the time. */
    private static Map<String, Long> sums(Map<String, List<Share>> phases, long beside) {
        Map<String, Long> sums = new LinkedHashMap<>();
        phases.forEach((phase, shares) -> sums.put(phase, beside + sum(shares)));
        return sums;
    }

    /** The phase that takes most; nothing where none is left. */
    public Optional<String> largest() {
        return largest(phases);
    }

    /** The first of several that take most. */
    private static Optional<String> largest(Map<String, Long> phases) {
        return phases.entrySet().stream()
                .reduce((a, b) -> b.getValue() > a.getValue() ? b : a)
                .map(Map.Entry::getKey);
    }

    /** What a phase takes from its begin to its end; its states are taken out of those of all. */
    private static List<Share> of(Workbench bench, Stage stage, Map<String, Long> states) {
        String which =
                bench.experiment().phases().size() == 1 ? "" : stage.plan().name() + " ";
        List<Share> shares = new ArrayList<>();
        String owner = stage.scope().name();
        for (String name : List.copyOf(states.keySet())) {
            if (name.equals(owner) || name.startsWith(owner + ".") || name.startsWith(owner + " ")) {
                shares.add(new Share("states of " + name, states.remove(name), ""));
            }
        }
        bench.programs(stage).forEach((name, program) -> {
            Explanation explanation = program.explain();
            shares.add(new Share("activations of " + which + name, explanation.scratchBytes(), holdings(explanation)));
            shares.add(new Share("feeds and outputs of " + which + name, explanation.feedBytes(), ""));
        });
        return shares;
    }

    private static long sum(List<Share> shares) {
        return shares.stream().mapToLong(Share::bytes).sum();
    }

    /** Everything. */
    public long total() {
        return sum(shares);
    }

    /** Whether there is so much, as far as anybody knows. */
    public boolean fits() {
        return (limit == 0 || total() <= limit) && !crowdsHost();
    }

    private boolean crowdsHost() {
        return host != null && host.limit() > 0 && host.bytes() > host.limit();
    }

    /**
     * Refuses what does not fit.
     *
     * @throws InputError with the figure, the owners and the settings that change it
     */
    public void require(Workbench bench) {
        String less = "take less: " + knobs(bench);
        require(less, less + "; or say how much there is: " + enough());
    }

    /**
     * Refuses what does not fit, of a run whose settings are its past.
     *
     * @param run its folder
     * @throws InputError with the figure, the owners and the settings that a new run could change
     */
    public void requireToGoOn(Workbench bench, Path run) {
        String less = "since a run that goes on keeps its settings, begin one that takes less (" + knobs(bench)
                + "): ./kolotoc run " + Printable.word(run.resolve("experiment.json")) + " --set <setting>=<value>";
        require(less, "say how much there is: " + enough() + "; or, " + less);
    }

    /** @param less how it takes less, which alone helps where the host has too little */
    private void require(String less, String next) {
        if (crowdsHost()) {
            throw InputError.of(
                    "the run would take " + Printable.bytes(host.bytes())
                            + " of the host's memory, where all that is on the device has a copy, but there is "
                            + Printable.bytes(host.limit()) + "\n" + table(),
                    less);
        }
        if (!fits()) {
            throw InputError.of(
                    "the run would take " + Printable.bytes(own + overhead) + " of memory, but there is "
                            + Printable.bytes(limit) + " (" + limitedBy + ")" + beside() + "\n" + table(),
                    next);
        }
    }

    /** What others take of it. */
    private String beside() {
        long others = total() - own - overhead;
        return others == 0 ? "" : ", of which runs that go on take " + Printable.bytes(others);
    }

    private String enough() {
        return "--memory " + (total() / 1_000_000_000 + 1) + "g";
    }

    /** A line for each owner of a noticeable part. */
    public String table() {
        Stream<String> noticeable = shares.stream()
                .filter(share -> share.bytes() * 200 >= total())
                .map(share -> "  " + Printable.bytes(share.bytes()) + "  " + share.owner()
                        + (share.detail().isEmpty() ? "" : ": " + share.detail()));
        Stream<String> beside = files == 0
                ? Stream.of()
                : Stream.of("  " + Printable.bytes(files) + "  more on disk, in temporary files: data");
        Stream<String> copies = Stream.ofNullable(host)
                .map(there -> "  " + Printable.bytes(there.bytes())
                        + "  of the host's memory, where all that is on the device has a copy");
        return Stream.of(noticeable, beside, copies).flatMap(lines -> lines).collect(Collectors.joining("\n"));
    }

    private static String holdings(Explanation explanation) {
        return explanation.holdings().stream()
                .limit(NAMED)
                .map(holding -> holding.owner() + " " + Printable.bytes(holding.bytes()))
                .collect(Collectors.joining(", "));
    }

    private static String knobs(Workbench bench) {
        List<String> knobs = new ArrayList<>();
        for (int i = 0; i < bench.seating().phases().size(); i++) {
            Record settings = bench.seating().phases().get(i).settings();
            String path = "phases." + bench.experiment().phases().get(i).name() + ".";
            Arrays.stream(settings.getClass().getRecordComponents())
                    .filter(component -> component.isAnnotationPresent(Settings.Memory.class))
                    .map(component -> path + component.getName())
                    .forEach(knobs::add);
        }
        return knobs.isEmpty() ? "a smaller model or batch" : String.join(", ", knobs);
    }
}
