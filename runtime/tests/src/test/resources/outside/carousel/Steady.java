package carousel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToIntFunction;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.open.Options;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * A command that takes all steps of an experiment and prints, after each tenth of them, how much memory of its own the process
 * has: {@code steady <experiment> <folder> <steps>}. With a heap that is there from the beginning, what grows is native.
 */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=steady", "kolotoc.command.summary=measures memory while a run goes on"})
public final class Steady implements ToIntFunction<String[]> {
    private static final int PARTS = 10;

    private final Engine engine;

    @Activate
    public Steady(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public int applyAsInt(String[] line) {
        Options options = Carousel.options(Path.of(line[1]));
        long steps = Long.parseLong(line[2]);
        Client client = new Client(() -> false, event -> {
            if (event instanceof Event.Stepped stepped && stepped.step() % (steps / PARTS) == 0) {
                System.out.println("step " + stepped.step() + " " + own());
            }
        });
        try {
            System.out.println("state "
                    + engine.start(engine.read(Path.of(line[0]), options, client), options, client)
                            .result()
                            .state());
            return 0;
        } catch (IOException | InterruptedException e) {
            e.printStackTrace();
            return 3;
        }
    }

    /** Bytes of memory that no file is behind. */
    private static long own() {
        try {
            return 1024
                    * Files.readAllLines(Path.of("/proc/self/status")).stream()
                            .filter(line -> line.startsWith("RssAnon:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
