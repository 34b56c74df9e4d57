package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.launcher.tornado.Loaded;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** As {@link SwapTest}, on a device: every version of the model bundle computes there, and nothing of the old ones stays. */
class DeviceSwapTest {
    private static final List<String> BUNDLES = Stream.concat(
                    SwapTest.BUNDLES.stream(), Stream.of("org.kolotoc.compiler", "org.kolotoc.backend.tornado"))
            .toList();
    /** Of the swaps, those that fill caches. */
    private static final int WARM_UP = 5;

    @TempDir
    Path folder;

    @Test
    void twentyVersionsComputeOnADeviceAndLeaveNoLoader() throws Exception {
        assumeTrue(!Loaded.packages().isEmpty(), "not evaluated: no TornadoVM SDK");
        List<WeakReference<ClassLoader>> old = new ArrayList<>();
        Map<String, String> packages = Map.of(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, Loaded.packages());
        try (Container container = Container.start(folder.resolve("storage"), BUNDLES, packages)) {
            Bundle current = container.install(SwapTest.version(folder, 0));
            // Kept, as the engine keeps it: one that nobody has is closed, and compiles anew for the next.
            ServiceReference<?> device = container.context().getServiceReference("org.kolotoc.tensor.Backend");
            Object backend = container.context().getService(device);
            int kernels = compute(container.context(), backend);
            assertTrue(kernels > 0);
            long before = 0;
            for (int i = 1; i <= SwapTest.SWAPS; i++) {
                Bundle next = container.install(SwapTest.version(folder, i));
                old.add(SwapTest.loader(current));
                current.uninstall();
                container.refresh();
                current = next;
                assertEquals(kernels, compute(container.context(), backend), "kernels compiled, with version " + i);
                if (i == WARM_UP) {
                    SwapTest.alive(old, SwapTest.GARBAGE_SECONDS);
                    before = resident();
                }
            }
            assertEquals(0, SwapTest.alive(old, SwapTest.GARBAGE_SECONDS), "old class loaders alive");
            System.out.printf(
                    Locale.ROOT,
                    "device swap: %d versions, %d kernels compiled, %.2f MB a swap%n",
                    SwapTest.SWAPS,
                    kernels,
                    (resident() - before) / 1024.0 / (SwapTest.SWAPS - WARM_UP));
        }
    }

    /** Memory of this process in KB. */
    private static long resident() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    /** Has the model of the newest bundle read three tokens; how many kernels the device has compiled so far. */
    @SuppressWarnings("unchecked")
    private static int compute(BundleContext context, Object backend) throws Exception {
        Bundle api = bundle(context, "org.kolotoc.api");
        ServiceReference<?> reference = ModelLoop.family(context);
        Object family = context.getService(reference);
        Class<?> settings = (Class<?>) family.getClass().getMethod("settings").invoke(family);
        Object dimensions = api.loadClass("org.kolotoc.api.Dimensions")
                .getMethod("of", String.class, int.class)
                .invoke(null, "vocab", 11);
        Object model = ModelLoop.create(family).invoke(family, ModelLoop.smallest(settings), dimensions);
        Class<?> backendType = api.loadClass("org.kolotoc.tensor.Backend");
        Class<?> modelType = api.loadClass("org.kolotoc.api.Model");
        Map<String, AutoCloseable> weights = new HashMap<>();
        for (Object parameter : (List<Object>) modelType.getMethod("parameters").invoke(model)) {
            Object shape = parameter.getClass().getMethod("shape").invoke(parameter);
            Object type =
                    api.loadClass("org.kolotoc.tensor.DType").getField("F32").get(null);
            weights.put((String) parameter.getClass().getMethod("name").invoke(parameter), (AutoCloseable) backendType
                    .getMethod("allocate", type.getClass(), shape.getClass())
                    .invoke(backend, type, shape));
        }
        Class<?> sessionType = api.loadClass("org.kolotoc.api.text.LanguageSession");
        Function<String, Object> find = weights::get;
        try (AutoCloseable session = (AutoCloseable) sessionType
                .getMethod("of", backendType, modelType, Function.class)
                .invoke(null, backend, model, find)) {
            for (int token = 0; token < 3; token++) {
                float[] logits =
                        (float[]) sessionType.getMethod("extend", int.class).invoke(session, token);
                assertEquals(11, logits.length);
                assertEquals(0f, logits[token], "weights of zero");
            }
        }
        for (AutoCloseable buffer : weights.values()) {
            buffer.close();
        }
        Object compilation = backendType.getMethod("compilation").invoke(backend);
        int kernels = (int) compilation.getClass().getMethod("kernels").invoke(compilation);
        context.ungetService(reference);
        return kernels;
    }

    private static Bundle bundle(BundleContext context, String name) {
        return Stream.of(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }
}
