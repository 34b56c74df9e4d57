package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** A model bundle is exchanged under a loop that uses it: it always finds one, and nothing of the old ones stays. */
class SwapTest {
    static final int SWAPS = 20;
    static final long GARBAGE_SECONDS = 20;
    private static final String MODEL = "org.kolotoc.model.gpt";
    static final List<String> BUNDLES = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.scr",
            "org.kolotoc.tensor",
            "org.kolotoc.nn",
            "org.kolotoc.api");

    @TempDir
    Path folder;

    @Test
    void twentySwapsLeaveNoGapAndNoOldLoader() throws Exception {
        List<WeakReference<ClassLoader>> old = new ArrayList<>();
        try (Container container = Container.start(folder.resolve("storage"), BUNDLES)) {
            Bundle current = container.install(version(0));
            try (ModelLoop loop = new ModelLoop(container.context())) {
                loop.awaitUses(5);
                for (int i = 1; i <= SWAPS; i++) {
                    Bundle next = container.install(version(i));
                    old.add(loader(current));
                    current.uninstall();
                    loop.lease.writeLock().lock();
                    try {
                        container.refresh();
                    } finally {
                        loop.lease.writeLock().unlock();
                    }
                    current = next;
                    loop.awaitUses(5);
                }
                assertEquals(0, loop.gaps(), () -> loop.gaps() + " of " + loop.uses() + " uses found no model");
                assertEquals(SWAPS + 1, loop.versions().size(), () -> "versions used: " + loop.versions());
                System.out.println("swap: " + SWAPS + " versions, " + loop.uses() + " uses, 0 gaps");
            }
            assertEquals(0, alive(old, GARBAGE_SECONDS), "old class loaders alive");
            assertEquals(1, alive(List.of(loader(current)), 0), "the new one is in use");
        }
    }

    /** The order that leaves a gap: the loop above would have seen one. */
    @Test
    void uninstallingFirstLeavesAGap() throws Exception {
        try (Container container = Container.start(folder.resolve("storage"), BUNDLES)) {
            Bundle current = container.install(version(0));
            try (ModelLoop loop = new ModelLoop(container.context())) {
                loop.awaitUses(5);
                current.uninstall();
                long before = loop.gaps();
                while (loop.gaps() == before) {
                    Thread.sleep(1);
                }
                container.install(version(1));
                loop.awaitUses(5);
                assertTrue(loop.gaps() > 0);
            }
        }
    }

    /** Whoever keeps a plugin's object keeps its loader: the count above would have seen it. */
    @Test
    void aKeptObjectKeepsItsLoader() throws Exception {
        try (Container container = Container.start(folder.resolve("storage"), BUNDLES)) {
            Bundle bundle = container.install(version(0));
            Object[] kept = {
                bundle.loadClass("org.kolotoc.model.gpt.GptFamily")
                        .getConstructor()
                        .newInstance()
            };
            List<WeakReference<ClassLoader>> old = List.of(loader(bundle));
            bundle.uninstall();
            container.refresh();
            assertEquals(1, alive(old, 1), () -> "loader of " + kept[0]);
            kept[0] = null;
            assertEquals(0, alive(old, GARBAGE_SECONDS));
        }
    }

    private Path version(int number) throws Exception {
        return version(folder, number);
    }

    /** The GPT bundle under another version. */
    static Path version(Path folder, int number) throws Exception {
        return PluginJars.copy(
                Assembled.jar(MODEL),
                folder.resolve("gpt-" + number + ".jar"),
                Map.of("Bundle-Version", "1.0." + number));
    }

    static WeakReference<ClassLoader> loader(Bundle bundle) {
        return new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
    }

    /** How many are alive after collecting garbage until none is, or the time is over. */
    static long alive(List<WeakReference<ClassLoader>> loaders, long seconds) throws InterruptedException {
        long deadline = System.nanoTime() + seconds * 1_000_000_000L;
        while (true) {
            System.gc();
            long alive = loaders.stream().filter(loader -> loader.get() != null).count();
            if (alive == 0 || System.nanoTime() > deadline) {
                return alive;
            }
            Thread.sleep(50);
        }
    }
}
