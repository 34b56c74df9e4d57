package org.kolotoc.shell;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Metric;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.DecoderFamily;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.data.TemplateWorldSource;
import org.kolotoc.data.TextSource;
import org.kolotoc.engine.Engine;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.phase.pretrain.Pretrain;
import org.kolotoc.sampler.text.TextSampler;
import org.kolotoc.text.ByteTokenizers;
import org.kolotoc.text.CharTokenizers;
import org.kolotoc.text.DistinctWords;
import org.kolotoc.text.GreedyDecoder;
import org.kolotoc.text.LongestCopy;
import org.kolotoc.text.SampleDecoder;
import org.kolotoc.text.WordRate;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/** Just so much of a framework that the engine finds plugins in it: a bundle for each. */
final class FakeHost {
    static {
        Printed.begin();
    }

    private record Plugged(Class<?> type, String kind, String id, String bundle, int state, Object plugin) {}

    private final List<Plugged> plugins = new ArrayList<>();
    private String project;
    private String debug;
    private int state = Bundle.ACTIVE;
    private boolean onTerminal;

    /** A host with the plugins of this project. */
    static FakeHost standard() {
        return new FakeHost()
                .plug(DataSource.class, Seat.DATA, "template-world", new TemplateWorldSource())
                .plug(DataSource.class, Seat.DATA, "text", new TextSource())
                .plug(TokenizerFamily.class, Seat.TOKENIZER, "char", new CharTokenizers())
                .plug(TokenizerFamily.class, Seat.TOKENIZER, "byte", new ByteTokenizers())
                .plug(ModelFamily.class, Seat.MODEL, "gpt", new GptFamily())
                .plug(Phase.class, Seat.PHASE, "pretrain", new Pretrain())
                .plug(DecoderFamily.class, Seat.DECODER, "greedy", new GreedyDecoder())
                .plug(DecoderFamily.class, Seat.DECODER, "sample", new SampleDecoder())
                .plug(Sampler.class, Seat.SAMPLER, "text", new TextSampler())
                .plug(Metric.class, Seat.METRIC, "word-rate", new WordRate())
                .plug(Metric.class, Seat.METRIC, "longest-copy", new LongestCopy())
                .plug(Metric.class, Seat.METRIC, "distinct-words", new DistinctWords());
    }

    FakeHost plug(Class<?> type, String kind, String id, Object plugin) {
        plugins.add(new Plugged(type, kind, id, "test." + kind + "." + id, Bundle.ACTIVE, plugin));
        return this;
    }

    /** A bundle that declares a plugin and does not resolve: there is no code to ask. */
    FakeHost unresolved(String kind, String id) {
        plugins.add(new Plugged(Object.class, kind, id, "test." + kind + "." + id, Bundle.INSTALLED, null));
        return this;
    }

    /** A host whose project lies in a folder; else it is the current one. */
    FakeHost at(Path folder) {
        project = folder.toString();
        return this;
    }

    /** One whose standard output is a terminal, where nobody types. */
    FakeHost onTerminal() {
        onTerminal = true;
        return this;
    }

    /** One that is about to stop. */
    FakeHost stopping() {
        state = Bundle.STOPPING;
        return this;
    }

    /** One that shows where errors come from. */
    FakeHost debugging() {
        debug = "true";
        return this;
    }

    Engine engine() {
        return new Engine(context());
    }

    Terminal terminal() {
        return new Terminal(context());
    }

    BundleContext context() {
        Bundle[] bundles = plugins.stream().map(this::bundle).toArray(Bundle[]::new);
        return proxy(BundleContext.class, (_, method, arguments) -> switch (method.getName()) {
            case "getBundles" -> bundles;
            case "getBundle" -> bundle(new Plugged(Object.class, "", "", "system", state, null));
            case "getServiceReferences" ->
                arguments[0] == null
                        ? references((String) arguments[1])
                        : arguments[0] == BooleanSupplier.class ? List.of(ofTerminal()) : List.of();
            case "getService" -> ((ServiceReference<?>) arguments[0]).getProperty("plugin");
            // No service component runtime: the plugins are there without one.
            case "getServiceReference" -> null;
            case "getProperty" ->
                switch ((String) arguments[0]) {
                    case "kolotoc.project" -> project;
                    case "kolotoc.debug" -> debug;
                    default -> null;
                };
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private ServiceReference<?> ofTerminal() {
        return proxy(ServiceReference.class, (_, _, _) -> (BooleanSupplier) () -> onTerminal);
    }

    private ServiceReference<?>[] references(String filter) {
        List<ServiceReference<?>> found = new ArrayList<>();
        for (Plugged p : plugins) {
            if (p.plugin() != null
                    && filter.contains("id=" + p.id() + ")")
                    && filter.contains("kind=" + p.kind() + ")")) {
                found.add(proxy(ServiceReference.class, (_, method, arguments) -> switch (method.getName()) {
                    case "getProperty" ->
                        switch ((String) arguments[0]) {
                            case "plugin" -> p.plugin();
                            case Constants.OBJECTCLASS -> new String[] {p.type().getName()};
                            default -> null;
                        };
                    case "getBundle" -> bundle(p);
                    default -> throw new UnsupportedOperationException(method.getName());
                }));
            }
        }
        return found.toArray(ServiceReference<?>[]::new);
    }

    private Bundle bundle(Plugged plugged) {
        BundleCapability capability = proxy(
                BundleCapability.class,
                (_, _, _) -> Map.of("kind", plugged.kind(), "id", plugged.id(), "summary", "a \\\"quoted\\\" line"));
        BundleRevision revision = proxy(
                BundleRevision.class,
                (_, method, arguments) ->
                        Seat.NAMESPACE.equals(arguments[0]) && method.getName().equals("getDeclaredCapabilities")
                                ? List.of(capability)
                                : List.of());
        return proxy(Bundle.class, (_, method, arguments) -> switch (method.getName()) {
            case "adapt" -> arguments[0] == BundleRevision.class ? revision : null;
            case "equals" ->
                arguments[0] instanceof Bundle other && other.getSymbolicName().equals(plugged.bundle());
            case "hashCode" -> plugged.bundle().hashCode();
            case "getSymbolicName" -> plugged.bundle();
            case "getVersion" -> Version.parseVersion("0.1.0");
            case "getState" -> plugged.state();
            case "getLocation" -> "nowhere";
            case "loadClass" -> Class.forName((String) arguments[0]);
            case "getBundleId" -> 7L;
            // No code of its own in a failure's stack.
            case "getEntry" -> null;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(FakeHost.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
