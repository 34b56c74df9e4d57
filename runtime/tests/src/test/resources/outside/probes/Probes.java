package probes;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.channel.Live;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.run.Run;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * A command that runs an experiment alone, and once more with probes that come and go, and a phase that is swapped for itself
 * beneath them: {@code probes <experiment> <folder> <jar of the phase> <set> ...}. Prints each refusal.
 */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=probes", "kolotoc.command.summary=looks into a run"})
public final class Probes implements ToIntFunction<String[]> {
    private static final List<String> ALL =
            List.of("gradient-norms", "activations", "attention", "update-ratio", "memory");

    private final Engine engine;

    @Activate
    public Probes(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public int applyAsInt(String[] line) {
        try {
            Path folder = Path.of(line[1]);
            List<String> sets = Arrays.asList(line).subList(3, line.length);
            start(line[0], folder.resolve("alone"), sets).result();
            look(start(line[0], folder.resolve("probed"), sets), folder.resolve("probed"), Path.of(line[2]));
            return 0;
        } catch (Exception e) {
            e.printStackTrace();
            return 3;
        }
    }

    private Run start(String experiment, Path out, List<String> sets) {
        Options options = Options.into(out).setting(sets).threads(1);
        return engine.start(engine.read(Path.of(experiment), options, Client.NOBODY), options, Client.NOBODY);
    }

    private void look(Run run, Path out, Path jar) throws Exception {
        run.pause();
        run.save().join();
        Live live = engine.live(out, _ -> {});
        for (String probe : ALL) {
            try {
                live.probe(probe, List.of(), 1);
            } catch (InputError e) {
                System.out.println("refused " + e.getMessage());
            }
        }
        turn(run);
        live.unprobe("gradient-norms");
        turn(run);
        live.probe("gradient-norms", List.of(), 2);
        System.out.println("swapped " + run.swap("phase", jar, 0, false).get().seat());
        turn(run);
        System.out.println("probes " + live.status().probes().size());
        run.go();
        System.out.println("state " + run.result().state());
    }

    /** Lets it take a step or more. */
    private static void turn(Run run) {
        long before = run.step();
        run.go();
        while (run.step() == before) {
            Thread.onSpinWait();
        }
        run.pause();
        run.save().join();
    }
}
