package versions;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.feature.FeatureChange;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.run.Run;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * A command that lets runs of one host use several versions of a plugin, and takes versions out under their hands: {@code
 * versions <experiment of the old one> <experiment of any> <folder of features> <folder for runs>}. Prints what it saw, a line
 * each.
 */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=versions", "kolotoc.command.summary=takes versions out under the hands of runs"})
public final class Versions implements ToIntFunction<String[]> {
    private final BundleContext context;
    private final Engine engine;
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    @Activate
    public Versions(BundleContext context, @Reference Engine engine) {
        this.context = context;
        this.engine = engine;
    }

    @Override
    public int applyAsInt(String[] line) {
        try {
            return run(Path.of(line[0]), Path.of(line[1]), line[2], Path.of(line[3]));
        } catch (Exception e) {
            e.printStackTrace();
            return 3;
        }
    }

    private int run(Path ofOld, Path ofAny, String from, Path out) throws Exception {
        engine.features().install(List.of("old", "new"), from, Optional.empty(), false);
        Run old = paused(ofOld, out.resolve("old"));
        Run any = paused(ofAny, out.resolve("any"));
        Bundle first = bundle("hostile.sum", "1.0.0");
        Bundle second = bundle("hostile.sum", "2.0.0");
        Bundle library = bundle("hostile.lib", "1.2.3");
        WeakReference<ClassLoader> loader =
                new WeakReference<>(first.adapt(BundleWiring.class).getClassLoader());
        SynchronousBundleListener listener = event -> events.add(
                event.getBundle().getSymbolicName() + " " + event.getBundle().getVersion());
        context.addBundleListener(listener);

        engine.features().remove(List.of("old"), false);
        engine.features().rollback(Optional.empty(), false);
        end("again", paused(ofOld, out.resolve("again")));
        FeatureChange change = engine.features().remove(List.of("old"), false);
        System.out.println("removed " + change.gone() + " used " + change.used());
        System.out.println("old bundle " + first.getState() + ", touched " + touched());
        Run next = paused(ofAny, out.resolve("next"));
        end("next", next);
        try {
            paused(ofOld, out.resolve("late"));
        } catch (InputError e) {
            System.out.println("late " + e.getMessage().replace('\n', ' '));
        }
        System.out.println("before the end " + first.getState());
        end("old", old);
        System.out.println("after the end " + first.getState() + ", touched " + touched());
        System.out.println("loader " + (isGone(loader) ? "gone" : "left"));

        loader = new WeakReference<>(library.adapt(BundleWiring.class).getClassLoader());
        System.out.println("library used " + engine.retire(List.of(library)).size());
        end("any", any);
        settle();
        System.out.println(
                "library " + library.getState() + ", importer " + second.getState() + ", touched " + touched());
        engine.features().remove(List.of("new"), false);
        System.out.println("its loader " + (isGone(loader) ? "gone" : "left"));
        System.out.println("importer " + second.getState() + ", touched " + touched());
        return 0;
    }

    private Bundle bundle(String name, String version) {
        return Stream.of(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName())
                        && version.equals(bundle.getVersion().toString()))
                .findFirst()
                .orElseThrow();
    }

    private Run paused(Path experiment, Path out) throws Exception {
        Options options = Options.into(out).threads(1);
        Run run = engine.start(engine.read(experiment, options, Client.NOBODY), options, Client.NOBODY);
        run.pause();
        try {
            run.save().join();
        } catch (java.util.concurrent.CancellationException e) {
            run.result();
        }
        return run;
    }

    private static void end(String name, Run run) throws Exception {
        run.go();
        Run.Result result = run.result();
        System.out.println(name + " " + result.state() + " " + result.step());
    }

    /** Bundles that something happened to since somebody asked. */
    private TreeSet<String> touched() {
        synchronized (events) {
            TreeSet<String> all = new TreeSet<>(events);
            events.clear();
            return all;
        }
    }

    /** Lets the framework's own thread come to an end with what it was asked for before. */
    private void settle() throws InterruptedException {
        Object done = new Object();
        synchronized (done) {
            context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(List.of(), _ -> {
                synchronized (done) {
                    done.notifyAll();
                }
            });
            done.wait(5_000);
        }
    }

    private boolean isGone(WeakReference<ClassLoader> loader) throws InterruptedException {
        for (int i = 0; i < 100 && loader.get() != null; i++) {
            settle();
            System.gc();
            Thread.sleep(20);
        }
        return loader.get() == null;
    }
}
