package swaps;

import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.channel.Swapped;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.run.Run;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * A command that runs an experiment and swaps seats of it again and again: {@code swaps <experiment> <folder> <times> <seat>
 * <jar> [<seat> <jar> ...]}, these in turn. Prints what it saw, a line for each number, and each refusal.
 */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=swaps", "kolotoc.command.summary=swaps seats of a run again and again"})
public final class Swaps implements ToIntFunction<String[]> {
    private static final int WARM_UP = 10;

    /** Steps for each swap after which none is asked for while the run turns: it may take hundreds of them meanwhile. */
    private static final int FREE = 10;

    private final BundleContext context;
    private final Engine engine;
    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    private final List<Long> known = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    @Activate
    public Swaps(BundleContext context, @Reference Engine engine) {
        this.context = context;
        this.engine = engine;
    }

    @Override
    public int applyAsInt(String[] line) {
        try {
            return run(line);
        } catch (Exception e) {
            e.printStackTrace();
            return 3;
        }
    }

    private int run(String[] line) throws Exception {
        int times = Integer.parseInt(line[2]);
        List<String> turns = Arrays.asList(line).subList(3, line.length);
        Options options = Options.into(Path.of(line[1])).threads(1);
        Run run = engine.start(engine.read(Path.of(line[0]), options, Client.NOBODY), options, Client.NOBODY);
        run.pause();
        run.save().join();
        List<Double> gaps = new ArrayList<>();
        List<Double> asked = new ArrayList<>();
        long heap = 0;
        long threads = 0;
        long files = 0;
        for (int i = 0; i < times; i++) {
            if (i == WARM_UP) {
                heap = heap();
                threads = Thread.activeCount();
                files = files();
            }
            // Between two swaps the run turns for a step or more; some are asked for while it turns, as long as enough
            // is left.
            long before = run.step();
            long began = System.nanoTime();
            try {
                Swapped swapped = run.swap(
                                turns.get(2 * i % turns.size()),
                                Path.of(turns.get((2 * i + 1) % turns.size())),
                                0,
                                false)
                        .get();
                gaps.add(swapped.milliseconds());
                System.out.println("stood " + swapped.milliseconds() + " for " + swapped.seat());
            } catch (InputError e) {
                System.out.println("refused " + e.getMessage());
            } catch (ExecutionException e) {
                System.out.println("refused " + e.getCause().getMessage());
            }
            asked.add((System.nanoTime() - began) / 1e6);
            note();
            run.go();
            while (run.step() == before && !run.state().isOver()) {
                Thread.onSpinWait();
            }
            if (i % 10 != 0 || run.step() > FREE * times) {
                run.pause();
            }
        }
        System.out.println("heap " + (heap() - heap));
        System.out.println("threads " + (Thread.activeCount() - threads));
        System.out.println("files " + (files() - files));
        System.out.println("alive " + alive() + " of " + loaders.size());
        for (int i = 0; i < loaders.size() - brought().size(); i++) {
            if (loaders.get(i).get() != null) {
                System.out.println("loader of " + names.get(i) + ", number " + i);
            }
        }
        run.go();
        System.out.println("state " + run.result().state() + " " + run.result().step());
        gaps.sort(null);
        if (!gaps.isEmpty()) {
            System.out.println(
                    "gap " + gaps.get(gaps.size() / 2) + " " + gaps.get(gaps.size() * 95 / 100) + " " + gaps.getLast());
        }
        asked.sort(null);
        System.out.println("asked " + asked.get(asked.size() / 2) + " " + asked.getLast());
        System.out.println("left " + alive());
        for (int i = 0; i < loaders.size(); i++) {
            if (loaders.get(i).get() != null) {
                System.out.println("loader of " + names.get(i) + ", number " + i);
            }
        }
        System.out.println("bundles " + brought().size());
        return 0;
    }

    /** Bundles that were brought to the run. */
    private List<Bundle> brought() {
        return Stream.of(context.getBundles())
                .filter(bundle -> bundle.getLocation().contains("#"))
                .toList();
    }

    private void note() {
        for (Bundle bundle : brought()) {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            if (!known.contains(bundle.getBundleId()) && wiring != null) {
                known.add(bundle.getBundleId());
                loaders.add(new WeakReference<>(wiring.getClassLoader()));
                names.add(bundle.getSymbolicName() + " " + bundle.getBundleId());
            }
        }
    }

    /** Of the loaders of bundles that are gone, how many are there after garbage was collected; one may fill a seat each. */
    private long alive() throws InterruptedException {
        long left = 0;
        for (int i = 0; i < 300; i++) {
            // The framework's thread keeps the bundle that it refreshed last until it is asked for the next.
            context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(List.of());
            System.gc();
            left = loaders.stream().filter(loader -> loader.get() != null).count()
                    - brought().size();
            if (left == 0) {
                return 0;
            }
            Thread.sleep(50);
        }
        return left;
    }

    private static long heap() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(20);
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    private static long files() throws java.io.IOException {
        Path open = Path.of("/proc/self/fd");
        if (!Files.isDirectory(open)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(open)) {
            return all.count();
        }
    }
}
