package org.kolotoc.engine.run;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.channel.Probed;
import org.kolotoc.engine.channel.Request;
import org.kolotoc.engine.channel.Served;
import org.kolotoc.engine.channel.Swapped;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.SamplePlan;

/** What a run does for those who speak to it: one line for each request. */
final class Requests implements Served {
    private static final String STATUS = "status";
    private static final String STOP = "stop";
    private static final String NAME = "name";
    private static final String SWAP = "swap";
    private static final String SEAT = "seat";
    private static final String JAR = "jar";
    private static final String AT = "at";
    private static final String TRUST = "trust";
    private static final String PROBE = "probe";
    private static final String EVERY = "every";
    private static final String SETTINGS = "settings";
    private static final String MODE = "mode";
    private static final List<String> MODES = List.of("on", "once", "off");

    /** Besides, the channel lets those follow who ask. */
    private static final List<String> NAMES =
            List.of(STATUS, "pause", "go", "save", STOP, "evaluate", "sample", SWAP, PROBE, "follow");

    private final Run run;
    private final Pulse pulse;
    private final List<SamplePlan> samples;
    private final Set<CompletableFuture<Swapped>> swaps = ConcurrentHashMap.newKeySet();
    private final AtomicLong drawn = new AtomicLong();

    /** @param samples that the experiment draws */
    Requests(Run run, Pulse pulse, List<SamplePlan> samples) {
        this.run = run;
        this.pulse = pulse;
        this.samples = samples;
    }

    @Override
    public CompletableFuture<?> answer(Request request) {
        String name = request.name();
        if (run.control().isStopping() && NAMES.contains(name) && !name.equals(STATUS) && !name.equals(STOP)) {
            throw InputError.of(
                    "the run of " + run.folder().orElseThrow()
                            + " is stopping, and is being saved; it can't do this any" + " more: " + name,
                    "once it has ended: ./kolotoc run --resume "
                            + Printable.word(run.folder().orElseThrow()));
        }
        request.requireOnly(
                switch (name) {
                    case "sample" -> new String[] {NAME};
                    case SWAP -> new String[] {SEAT, JAR, AT, TRUST};
                    case PROBE -> new String[] {NAME, MODE, EVERY, SETTINGS};
                    default -> new String[0];
                });
        return switch (name) {
            case STATUS -> CompletableFuture.completedFuture(pulse.status(state(), swaps()));
            case "pause" -> pause();
            case "go" -> CompletableFuture.completedFuture(go());
            // A copy each: one that is given up leaves the others theirs.
            case "save" -> run.save().copy();
            case STOP -> stop();
            case "evaluate" -> run.control().ask(Boundary::evaluate);
            case "sample" -> sample(request);
            case SWAP -> swap(request);
            case PROBE -> probe(request);
            default ->
                throw InputError.of(
                        "a run has no request '" + name + "'" + Nearest.hint(name, NAMES) + " (there are "
                                + String.join(", ", NAMES) + ")",
                        "./kolotoc status " + Printable.word(run.folder().orElseThrow()));
        };
    }

    @Override
    public String doing() {
        return pulse.doing() + (run.control().isPaused() ? ", paused" : "");
    }

    private String state() {
        return run.control().isStopping() ? "stopping" : run.state().name().toLowerCase(Locale.ROOT);
    }

    /** Answers when it waits. */
    private CompletableFuture<Long> pause() {
        run.pause();
        return run.control().ask(Boundary::step);
    }

    private boolean go() {
        boolean paused = run.control().isPaused();
        run.go();
        return paused;
    }

    /** Answers at the run's end. */
    private CompletableFuture<String> stop() {
        run.stop();
        return pulse.end().copy();
    }

    /**
     * A jar is installed and started before the run is asked: others may ask meanwhile. Whoever does not wait any longer does
     * not want it any longer.
     */
    private CompletableFuture<Swapped> swap(Request request) {
        String seat = required(request, SEAT);
        Path jar = Path.of(required(request, JAR));
        long at = request.number(AT).orElse(0L);
        boolean trust = request.text(TRUST).filter("true"::equals).isPresent();
        CompletableFuture<CompletableFuture<Swapped>> begun = CompletableFuture.supplyAsync(
                () -> run.swap(seat, jar, at, trust),
                work -> Thread.ofVirtual().name("kolotoc swap").start(work));
        CompletableFuture<Swapped> answer = begun.thenCompose(Function.identity());
        swaps.add(answer);
        answer.whenComplete((_, _) -> {
            swaps.remove(answer);
            if (answer.isCancelled()) {
                begun.thenAccept(swap -> swap.cancel(false));
            }
        });
        return answer;
    }

    /** The socket is closed: nobody hears any more how a swap went. */
    void giveUp() {
        swaps.forEach(swap -> swap.cancel(false));
    }

    private List<String> swaps() {
        return run.control().asked().stream().map(Swap::announced).toList();
    }

    private static String required(Request request, String field) {
        return request.text(field)
                .orElseThrow(() -> InputError.of(
                        "the request '" + request.name() + "' has no '" + field + "'",
                        "./kolotoc " + request.name() + " --help shows what it takes"));
    }

    /** Attached and taken off between two steps; what is read once is answered after the next. */
    private CompletableFuture<Probed> probe(Request request) {
        String id = required(request, NAME);
        String mode = request.text(MODE).orElse(MODES.getFirst());
        long every = request.number(EVERY).orElse(1L);
        if (!MODES.contains(mode) || every < 1) {
            throw InputError.of(
                    "'" + MODE + "' is '" + mode + "' and '" + EVERY + "' is " + every + "; expected one of "
                            + String.join(", ", MODES) + ", and at least 1",
                    "./kolotoc probe --help shows what it takes");
        }
        JsonObject settings = request.object(SETTINGS);
        return switch (mode) {
            case "off" -> run.control().ask(boundary -> boundary.probes().detach(id, boundary.step()));
            case "once" -> once(id, settings);
            default ->
                run.control()
                        .ask(boundary ->
                                boundary.probes().attach(id, settings, every, boundary.stage(), boundary.step()));
        };
    }

    private CompletableFuture<Probed> once(String id, JsonObject settings) {
        if (run.control().isPaused()) {
            throw InputError.of(
                    "the run waits, and a probe reads in a step",
                    "let it go on: ./kolotoc go " + Printable.word(run.folder().orElseThrow()));
        }
        return run.control()
                .ask(boundary -> boundary.probes().once(id, settings, boundary.stage()))
                .thenCompose(Function.identity());
    }

    private CompletableFuture<?> sample(Request request) {
        List<String> names = samples.stream().map(SamplePlan::name).toList();
        if (samples.isEmpty()) {
            throw InputError.of(
                    "the experiment of this run draws no samples",
                    "let its newest checkpoint write: ./kolotoc sample "
                            + Printable.word(run.folder().orElseThrow()));
        }
        String wanted = request.text(NAME).orElse(names.getFirst());
        SamplePlan plan = samples.stream()
                .filter(one -> one.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> InputError.of(
                        "the experiment has no samples '" + wanted + "'" + Nearest.hint(wanted, names) + " (there is "
                                + String.join(", ", names) + ")",
                        "--sample " + names.getFirst()));
        long time = drawn.getAndIncrement();
        return run.control().ask(boundary -> boundary.draw(plan, time));
    }
}
