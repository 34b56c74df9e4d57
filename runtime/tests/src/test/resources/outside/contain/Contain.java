package contain;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.isolate.ProcessDeath;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.run.Run;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * A command that swaps bad plugins into runs of one host, while another run goes on beside them: {@code contain <experiment>
 * <file> <sound jar>}, whose lines are a name, the jar, and how long a
 * plugin may keep its run waiting, in milliseconds, or {@code isolated}. Each run swaps its plugin in after four steps, and the sound one
 * after eight. Prints what became of each, and what there was to read.
 */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=contain", "kolotoc.command.summary=swaps bad plugins into runs"})
public final class Contain implements ToIntFunction<String[]> {
    private static final int BAD = 4;
    private static final int GOOD = 8;

    private final Engine engine;

    @Activate
    public Contain(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public int applyAsInt(String[] line) {
        try {
            Path experiment = Path.of(line[0]);
            Path folder = experiment.getParent();
            Client slow = new Client(() -> false, event -> {
                if (event instanceof Event.Stepped) {
                    rest();
                }
            });
            Run beside = start(
                    experiment, folder.resolve("beside"), slow, Optional.of(Duration.ZERO), "phases.0.steps=100000");
            for (String bad : Files.readAllLines(Path.of(line[1]))) {
                String[] words = bad.split("\t");
                System.out.println("== " + words[0]);
                beside.go();
                Path out = folder.resolve(words[0]);
                if (words[2].equals("isolated")) {
                    isolated(experiment, out, words[1]);
                    beside.pause();
                    continue;
                }
                one(experiment, out, words[1], Path.of(line[2]), Duration.ofMillis(Long.parseLong(words[2])));
                beside.pause();
            }
            System.out.println("== beside");
            beside.stop();
            System.out.println("state " + result(beside).state());
            return 0;
        } catch (Exception e) {
            e.printStackTrace();
            return 3;
        }
    }

    private static void rest() {
        try {
            Thread.sleep(30);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Run start(Path experiment, Path out, Client client, Optional<Duration> patience, String... sets) {
        Options options = new Options(
                List.of(),
                List.of(sets),
                Optional.empty(),
                Optional.of(out),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(1),
                Optional.empty(),
                patience,
                patience.isEmpty(),
                false,
                false,
                false,
                false);
        return engine.start(engine.read(experiment, options, client), options, client);
    }

    /** In a process of its own, which the plugin ends, or, where there is none, somebody kills. */
    private void isolated(Path experiment, Path out, String bad) throws Exception {
        Client client = new Client(() -> false, event -> {
            if (event instanceof Event.Quarantined) {
                System.out.println(event.text());
            }
        });
        // Long enough for the swap, and so short that it is not first shown that the run can be resumed.
        Run run = start(experiment, out, client, Optional.empty(), "phases.0.steps=20000");
        while (run.step() < 1 && !run.state().isOver()) {
            Thread.sleep(1);
        }
        if (bad.equals("-")) {
            run.save().join();
            ProcessHandle.of(engine.live(out, _ -> {}).status().pid())
                    .orElseThrow()
                    .destroyForcibly();
        } else {
            swap(run, Path.of(bad), 0);
        }
        try {
            System.out.println("state " + result(run).state());
        } catch (ProcessDeath e) {
            System.out.println("died " + e.getMessage() + "\n  do: " + e.next());
        }
    }

    private void one(Path experiment, Path out, String bad, Path good, Duration patience) throws Exception {
        Run[] runs = new Run[1];
        Client client = new Client(() -> false, event -> {
            if (event instanceof Event.Quarantined
                    || event instanceof Event.Swapped
                    || event instanceof Event.Warned
                    || event instanceof Event.Ended) {
                System.out.println(event.text());
            }
            if (event instanceof Event.Quarantined) {
                swap(runs[0], Path.of(bad), 0);
            }
        });
        Run run = start(experiment, out, client, Optional.of(patience));
        runs[0] = run;
        run.pause();
        run.save().join();
        if (!bad.equals("-")) {
            swap(run, Path.of(bad), BAD);
            swap(run, good, GOOD);
        }
        run.go();
        try {
            System.out.println(
                    "state " + result(run).state() + " " + result(run).step());
        } catch (InputError e) {
            System.out.println("failed " + e.getMessage() + "\n  do: " + e.next());
        } catch (RuntimeException | Error e) {
            System.out.println("defect " + e);
        }
    }

    /** Some of the plugins interrupt whoever they find. */
    private static Run.Result result(Run run) throws Exception {
        while (true) {
            try {
                return run.result();
            } catch (InterruptedException e) {
                // Waits on.
            }
        }
    }

    /** Waits for no answer: another comes when the run is there. */
    private static void swap(Run run, Path jar, long at) {
        try {
            run.swap("phase:pretrain", jar, at, false)
                    .whenComplete((swapped, failed) -> System.out.println(
                            failed == null ? "swapped " + swapped.is() : "refused " + failed.getMessage()));
        } catch (InputError e) {
            System.out.println("refused " + e.getMessage());
        }
    }
}
