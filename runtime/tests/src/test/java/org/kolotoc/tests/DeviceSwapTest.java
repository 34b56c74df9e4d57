package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.launcher.tornado.Loaded;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** As {@link SwapTest}, where something is computed: every version of the model bundle does, and nothing of the old ones stays. */
class DeviceSwapTest {
    private static final int VOCAB = 11;
    private static final int[] TOKENS = {0, 1, 2};

    /** Of the swaps, those that fill caches. */
    private static final int WARM_UP = 5;

    @TempDir
    Path folder;

    /** Where no device is, the processor. */
    @Test
    void twentyVersionsComputeOnTheProcessorAndLeaveNoLoader() throws Exception {
        swap("org.kolotoc.backend.cpu", Map.of());
    }

    @Test
    void twentyVersionsComputeOnADeviceAndLeaveNoLoader() throws Exception {
        assumeTrue(!Loaded.packages().isEmpty(), "not evaluated: no TornadoVM SDK");
        assertTrue(
                swap("org.kolotoc.backend.tornado", Map.of(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, Loaded.packages()))
                        > 0,
                "no kernel was compiled");
    }

    /** How many kernels were compiled: as many after each swap as before. */
    private int swap(String device, Map<String, String> properties) throws Exception {
        List<String> bundles = Stream.concat(SwapTest.BUNDLES.stream(), Stream.of("org.kolotoc.compiler", device))
                .toList();
        List<WeakReference<ClassLoader>> old = new ArrayList<>();
        try (Container container = Container.start(folder.resolve("storage"), bundles, properties)) {
            Bundle current = container.install(SwapTest.version(folder, 0));
            // Kept, as the engine keeps it: one that nobody has is closed, and compiles anew for the next.
            ServiceReference<?> reference = container.context().getServiceReference("org.kolotoc.tensor.Backend");
            Object backend = container.context().getService(reference);
            int kernels = compute(container.context(), backend);
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
                    "swaps on %s: %d versions, %d kernels compiled, %.2f MB a swap%n",
                    device,
                    SwapTest.SWAPS,
                    kernels,
                    (resident() - before) / 1024.0 / (SwapTest.SWAPS - WARM_UP));
            return kernels;
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
    private static int compute(BundleContext context, Object backend) throws Exception {
        Contracts contracts = new Contracts(bundle(context, "org.kolotoc.api"));
        ServiceReference<?> reference = ModelLoop.family(context);
        Object family = context.getService(reference);
        Class<?> settings = (Class<?>) family.getClass().getMethod("settings").invoke(family);
        Object dimensions = contracts.call("api.Dimensions", null, "of", "vocab", VOCAB);
        Object model = ModelLoop.create(family).invoke(family, ModelLoop.smallest(settings), dimensions);
        Object tracer = contracts.type("tensor.Tracer").getConstructor().newInstance();
        Object numbers = contracts.type("tensor.DType").getField("F32").get(null);
        Object integers = contracts.type("tensor.DType").getField("I32").get(null);
        Object shape = contracts.call("tensor.Shape", null, "of", (Object) new int[] {1, TOKENS.length});
        Object tokens = contracts.call("tensor.Tracer", tracer, "feed", "tokens", integers, shape);
        Object weights = contracts.call("api.Model", model, "weights", tracer, "model");
        Object pass = contracts.call("api.Pass", null, "inference");
        Map<?, ?> outputs =
                (Map<?, ?>) contracts.call("api.Model", model, "forward", weights, Map.of("tokens", tokens), pass);
        contracts.call("tensor.Tracer", tracer, "output", "logits", outputs.get("logits"));
        Object program = contracts.call("tensor.Tracer", tracer, "program");
        Map<String, Object> buffers = new HashMap<>();
        buffers.put("tokens", contracts.call("tensor.Backend", backend, "allocate", integers, shape));
        buffers.put(
                "logits",
                contracts.call(
                        "tensor.Backend",
                        backend,
                        "allocate",
                        numbers,
                        contracts.call("tensor.Shape", null, "of", (Object) new int[] {1, TOKENS.length, VOCAB})));
        for (Object parameter : (List<?>) contracts.call("api.Model", model, "parameters")) {
            buffers.put(
                    "model/" + contracts.call("tensor.Parameter", parameter, "name"),
                    contracts.call(
                            "tensor.Backend",
                            backend,
                            "allocate",
                            numbers,
                            contracts.call("tensor.Parameter", parameter, "shape")));
        }
        contracts.call("tensor.Buffer", buffers.get("tokens"), "write", (Object) TOKENS);
        float[] logits = new float[TOKENS.length * VOCAB];
        Arrays.fill(logits, Float.NaN);
        try (AutoCloseable executable = (AutoCloseable) contracts.call("tensor.Backend", backend, "compile", program)) {
            Object step = contracts.call("tensor.Executable", executable, "bind", buffers);
            contracts.call("tensor.Executable$Step", step, "run");
            contracts.call("tensor.Buffer", buffers.get("logits"), "read", (Object) logits);
        }
        assertArrayEquals(new float[logits.length], logits, "weights of zero");
        for (Object buffer : buffers.values()) {
            ((AutoCloseable) buffer).close();
        }
        Object compilation = contracts.call("tensor.Backend", backend, "compilation");
        int kernels = (int) contracts.call("tensor.Backend$Compilation", compilation, "kernels");
        context.ungetService(reference);
        return kernels;
    }

    /** The contracts as the container's bundles see them. */
    private record Contracts(Bundle api) {
        Class<?> type(String name) throws ReflectiveOperationException {
            return api.loadClass("org.kolotoc." + name);
        }

        /** Calls the method whose arguments these may be; a static one where there is no object. */
        Object call(String type, Object object, String name, Object... arguments) throws ReflectiveOperationException {
            for (Method method : type(type).getMethods()) {
                if (method.getName().equals(name) && takes(method.getParameterTypes(), arguments)) {
                    return method.invoke(object, arguments);
                }
            }
            throw new NoSuchMethodException(type + "." + name + Arrays.toString(arguments));
        }

        private static boolean takes(Class<?>[] types, Object[] arguments) {
            return types.length == arguments.length
                    && IntStream.range(0, types.length)
                            .allMatch(i -> MethodType.methodType(types[i])
                                    .wrap()
                                    .returnType()
                                    .isInstance(arguments[i]));
        }
    }

    private static Bundle bundle(BundleContext context, String name) {
        return Stream.of(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }
}
