package org.kolotoc.engine;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.api.Seat;
import org.kolotoc.tensor.Backend;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * As much of a framework as the engine asks for: bundles with capabilities and needs, and services. The real one is met
 * in the container tests.
 */
public final class TestFramework {
    private static final String VERSION = "1.0.0";

    private int state = Bundle.ACTIVE;
    private final List<Bundle> bundles = new ArrayList<>();
    private final Map<ServiceReference<?>, Object> services = new LinkedHashMap<>();
    private final Map<String, String> properties = new LinkedHashMap<>();

    /** Plugs a seat in; its bundle is named after it. */
    public TestFramework seat(String kind, String id, Object plugin) {
        return seat(kind, id, plugin, "test." + kind + "." + id);
    }

    /** Plugs a seat in from a bundle of that name. */
    public TestFramework seat(String kind, String id, Object plugin, String bundle) {
        return seat(kind, id, plugin, bundle, VERSION);
    }

    /** The same of a version. */
    public TestFramework seat(String kind, String id, Object plugin, String bundle, String version) {
        Bundle owner = bundle(bundle, version, Bundle.ACTIVE, List.of(seat(kind, id)), List.of(), plugin.getClass());
        bundles.add(owner);
        Map<String, Object> marks = Map.of(
                Seat.PREFIX_ + "kind", kind, Seat.PREFIX_ + "id", id, Constants.OBJECTCLASS, types(plugin.getClass()));
        services.put(
                proxy(ServiceReference.class, (self, method, arguments) -> switch (method.getName()) {
                    case "getProperty" -> marks.get((String) arguments[0]);
                    case "getProperties" -> new Hashtable<>(marks);
                    case "getBundle" -> owner;
                    default -> basics(self, method.getName(), arguments);
                }),
                plugin);
        return this;
    }

    /** Offers a backend. */
    public TestFramework backend(Backend backend) {
        return service("kolotoc.backend", backend.id(), backend);
    }

    /** Offers a service as the launcher does. */
    public TestFramework service(String mark, String value, Object service) {
        Map<String, Object> marks = Map.of(mark, value);
        services.put(
                proxy(ServiceReference.class, (self, method, arguments) -> switch (method.getName()) {
                    case "getProperty" -> marks.get((String) arguments[0]);
                    case "getProperties" -> new Hashtable<>(marks);
                    case "compareTo" -> place(arguments[0]) - place(self);
                    default -> basics(self, method.getName(), arguments);
                }),
                service);
        return this;
    }

    private int place(Object service) {
        return List.copyOf(services.keySet()).indexOf(service);
    }

    /** A bundle that declares a seat and needs a package that nobody offers in that version. */
    public TestFramework unresolved(String kind, String id, String bundle, String missing, String version) {
        String filter = "(&(osgi.wiring.package=" + missing + ")(version>=" + version + "))";
        BundleRequirement need = proxy(BundleRequirement.class, (self, method, arguments) -> switch (method.getName()) {
            case "getNamespace" -> PackageNamespace.PACKAGE_NAMESPACE;
            case "getDirectives" -> Map.of("filter", filter);
            case "matches" ->
                FrameworkUtil.createFilter(filter).matches(((BundleCapability) arguments[0]).getAttributes());
            default -> basics(self, method.getName(), arguments);
        });
        bundles.add(bundle(bundle, Bundle.INSTALLED, List.of(seat(kind, id)), List.of(need)));
        return this;
    }

    /** A bundle that offers a package. */
    public TestFramework offering(String bundle, String name, String version) {
        bundles.add(bundle(
                bundle,
                Bundle.ACTIVE,
                List.of(new Offer(
                        PackageNamespace.PACKAGE_NAMESPACE,
                        Map.of(PackageNamespace.PACKAGE_NAMESPACE, name, "version", new Version(version)))),
                List.of()));
        return this;
    }

    /** From now on it is about to stop. */
    public TestFramework stopping() {
        state = Bundle.STOPPING;
        return this;
    }

    public TestFramework property(String key, String value) {
        properties.put(key, value);
        return this;
    }

    public BundleContext context() {
        return proxy(BundleContext.class, (self, method, arguments) -> switch (method.getName()) {
            case "getBundle" -> bundle("system", state, List.of(), List.of());
            case "getBundles" -> bundles.toArray(Bundle[]::new);
            case "getProperty" -> properties.get((String) arguments[0]);
            case "getServiceReferences" -> references(arguments[0], (String) arguments[1]);
            case "getService" -> services.get(arguments[0]);
            // No service component runtime: the plugins are there without one.
            case "getServiceReference" -> null;
            default -> basics(self, method.getName(), arguments);
        });
    }

    /** The interfaces that a class is said to offer. */
    private static String[] types(Class<?> type) {
        return Stream.<Class<?>>iterate(type, c -> c != null, Class::getSuperclass)
                .flatMap(c -> Arrays.stream(c.getInterfaces()))
                .map(Class::getName)
                .toArray(String[]::new);
    }

    /**
     * The last ones first: nobody may rely on an order.
     *
     * @param type a class, and the answer is a collection; or null, and it is an array, or null
     */
    private Object references(Object type, String filter) throws InvalidSyntaxException {
        List<ServiceReference<?>> found = new ArrayList<>();
        for (Map.Entry<ServiceReference<?>, Object> service : services.entrySet()) {
            boolean matches = filter == null
                    || FrameworkUtil.createFilter(filter)
                            .matchCase(service.getKey().getProperties());
            if (matches && (type == null || ((Class<?>) type).isInstance(service.getValue()))) {
                found.add(service.getKey());
            }
        }
        List<ServiceReference<?>> last = found.reversed();
        return type != null ? last : last.isEmpty() ? null : last.toArray(ServiceReference<?>[]::new);
    }

    /** What a bundle offers. */
    private record Offer(String namespace, Map<String, Object> attributes) {}

    private static Offer seat(String kind, String id) {
        return new Offer(Seat.NAMESPACE, Map.of("kind", kind, "id", id, "summary", "for a test"));
    }

    private static Bundle bundle(String name, int state, List<Offer> offers, List<BundleRequirement> needs) {
        return bundle(name, VERSION, state, offers, needs, TestFramework.class);
    }

    /** A bundle of one class, with what is declared inside of it. */
    private static Bundle bundle(
            String name,
            String version,
            int state,
            List<Offer> offers,
            List<BundleRequirement> needs,
            Class<?> content) {
        BundleRevision[] revision = new BundleRevision[1];
        List<BundleCapability> capabilities = offers.stream()
                .map(offer -> proxy(BundleCapability.class, (self, method, arguments) -> switch (method.getName()) {
                    case "getNamespace" -> offer.namespace();
                    case "getAttributes" -> offer.attributes();
                    case "getRevision" -> revision[0];
                    default -> basics(self, method.getName(), arguments);
                }))
                .toList();
        revision[0] = proxy(BundleRevision.class, (self, method, arguments) -> switch (method.getName()) {
            case "getSymbolicName" -> name;
            case "getVersion" -> new Version(version);
            case "getDeclaredCapabilities" ->
                capabilities.stream()
                        .filter(c -> arguments[0] == null || c.getNamespace().equals(arguments[0]))
                        .toList();
            case "getDeclaredRequirements" ->
                needs.stream()
                        .filter(n -> arguments[0] == null || n.getNamespace().equals(arguments[0]))
                        .toList();
            default -> basics(self, method.getName(), arguments);
        });
        return proxy(Bundle.class, (self, method, arguments) -> switch (method.getName()) {
            case "getSymbolicName" -> name;
            case "getVersion" -> new Version(version);
            case "getState" -> state;
            case "getLocation" -> "test:" + name;
            case "getEntry" ->
                ((String) arguments[0]).startsWith(content.getName().replace('.', '/'))
                        ? content.getClassLoader().getResource(arguments[0].toString())
                        : null;
            case "loadClass" -> Class.forName((String) arguments[0], false, content.getClassLoader());
            case "getBundleId" -> (long) (name + version).hashCode();
            case "adapt" -> arguments[0] == BundleRevision.class ? revision[0] : null;
            default -> basics(self, method.getName(), arguments);
        });
    }

    private static Object basics(Object self, String method, Object[] arguments) {
        return switch (method) {
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> "test double";
            case "compareTo" -> Integer.compare(System.identityHashCode(self), System.identityHashCode(arguments[0]));
            default -> throw new UnsupportedOperationException(method + " is not part of this framework");
        };
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
