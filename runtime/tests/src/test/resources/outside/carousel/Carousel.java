package carousel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.run.Run;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * A command that lets runs of an experiment turn, two at a time, while seats of them are swapped at random moments:
 * {@code carousel <experiment> <folder> <runs> <seed> <at> <seat> <jar> [<seat> <jar> ...]}. The first seat is swapped once,
 * after step {@code at} of each run, unless that is 0; the others again and again. A run that is there goes on from its newest
 * checkpoint, one without a checkpoint begins anew. Prints a line for each run that ended.
 */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=carousel", "kolotoc.command.summary=swaps seats of runs at random"})
public final class Carousel implements ToIntFunction<String[]> {
    private static final int LONGEST_PAUSE = 60;

    private final Engine engine;

    @Activate
    public Carousel(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public int applyAsInt(String[] line) {
        try {
            int runs = Integer.parseInt(line[2]);
            Random random = new Random(Long.parseLong(line[3]));
            Turn[] turns = new Turn[Math.min(2, runs)];
            int begun = 0;
            int ended = 0;
            while (ended < runs) {
                for (int i = 0; i < turns.length; i++) {
                    if (turns[i] == null && begun < runs) {
                        turns[i] = new Turn(line, begun++, random.nextLong());
                        turns[i].start();
                    } else if (turns[i] != null && !turns[i].isAlive()) {
                        ended++;
                        turns[i] = null;
                    }
                }
                Thread.sleep(5);
            }
            return 0;
        } catch (InterruptedException | RuntimeException e) {
            e.printStackTrace();
            return 3;
        }
    }

    static Options options(Path out) {
        return Options.into(out).threads(1);
    }

    /** One run, and who swaps its seats. */
    private final class Turn extends Thread {
        private final Path experiment;
        private final Path out;
        private final long at;
        private final List<String> seats;
        private final Random random;

        Turn(String[] line, int number, long seed) {
            this.experiment = Path.of(line[0]);
            this.out = Path.of(line[1]).resolve("run-" + number);
            this.at = Long.parseLong(line[4]);
            this.seats = Arrays.asList(line).subList(5, line.length);
            this.random = new Random(seed);
        }

        @Override
        public void run() {
            try {
                Run run = begun();
                int swapped = at > 0 ? once(run) : 0;
                while (!run.state().isOver()) {
                    Thread.sleep(random.nextInt(LONGEST_PAUSE));
                    swapped += again(run);
                    if (random.nextInt(20) == 0) {
                        run.save();
                    }
                }
                System.out.println(
                        "ended " + run.result().state() + " " + run.result().step() + " swapped " + swapped);
            } catch (Exception e) {
                System.out.println("failed " + e);
                e.printStackTrace();
            }
        }

        private Run begun() throws IOException {
            Path checkpoints = out.resolve("checkpoints");
            if (Files.isDirectory(checkpoints) && !names(checkpoints).isEmpty()) {
                return engine.resume(out, options(out), Client.NOBODY);
            }
            delete(out);
            return engine.start(engine.read(experiment, options(out), Client.NOBODY), options(out), Client.NOBODY);
        }

        /** Asks for the first seat, unless the run's lock has it or will not come to the step any more. */
        private int once(Run run) throws IOException, InterruptedException {
            for (int i = 0; i < 2000 && !run.state().isOver(); i++) {
                if (run.folder().isPresent()
                        && Files.exists(out.resolve("lock.json"))
                        && Files.readString(out.resolve("lock.json")).contains("outside.")) {
                    return 0;
                }
                try {
                    run.swap(seats.get(0), Path.of(seats.get(1)), at, false);
                    return 1;
                } catch (InputError _) {
                    // It is still prepared.
                    Thread.sleep(5);
                }
            }
            return 0;
        }

        private int again(Run run) throws InterruptedException {
            int first = at > 0 ? 1 : 0;
            int turn = first + random.nextInt(seats.size() / 2 - first);
            try {
                run.swap(seats.get(2 * turn), Path.of(seats.get(2 * turn + 1)), 0, false)
                        .get();
                return 1;
            } catch (InputError | java.util.concurrent.ExecutionException _) {
                // It is still prepared, or over by then.
                return 0;
            }
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("step-\\d+(\\.part)?"))
                    .toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> files;
            try (Stream<Path> all = Files.walk(folder)) {
                files = new ArrayList<>(all.toList());
            }
            for (Path file : files.reversed()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
