package org.kolotoc.engine.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.reference.ReferenceBackend;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** What programs can run on: the backends that are services, and the reference. */
public final class Backends {
    private static final String BACKEND = "kolotoc.backend";
    private static final String ABSENT = "kolotoc.absent";
    private static final String REFERENCE = "reference";
    private static final String LIST = "./kolotoc devices lists what there is";

    /** What people call a device that has another name here. */
    private static final Map<String, String> MEANT = Map.of(
            "gpu", "auto",
            "cuda", "tornado:cuda",
            "ptx", "tornado:ptx",
            "opencl", "tornado:opencl");

    private final BundleContext context;

    /** Those of a framework; its property {@code kolotoc.absent} lists what could be there and is not. */
    public Backends(BundleContext context) {
        this.context = context;
    }

    /** Ids of all backends, without their devices. */
    public List<String> ids() {
        List<String> found =
                new ArrayList<>(references().stream().map(Backends::id).sorted().toList());
        found.add(REFERENCE);
        return found;
    }

    /**
     * A backend by its id, {@code cpu}, or on one of its devices, {@code tornado:opencl:0}. {@code auto} is the first
     * graphics processor, and where there is none, the first backend.
     *
     * @throws InputError when there is none of that id; says why where that is known
     */
    public Backend find(String id) {
        if (id.equals("auto")) {
            return automatic();
        }
        String name = id.split(":", 2)[0];
        Backend backend = installed(name)
                .orElseThrow(() -> reason(id)
                        .map(reason -> InputError.of(
                                "the backend '" + id + "' is not there: " + reason,
                                "--backend " + ids().getFirst() + "; " + LIST))
                        .orElseGet(() -> unknown(id, name)));
        if (name.equals(id)) {
            return backend;
        }
        try {
            return backend.on(id);
        } catch (IllegalArgumentException _) {
            List<String> known =
                    backend.devices().stream().map(Backend.Device::id).toList();
            throw InputError.of(
                    "there is no device '" + id + "'"
                            + reason(id).map(reason -> ": " + reason).orElseGet(() -> Nearest.hint(id, known)) + " ("
                            + name + " has " + String.join(", ", known) + ")",
                    LIST);
        }
    }

    /**
     * The same for one experiment.
     *
     * @param threads of its own; those of the service if not given
     */
    public Lent lend(String id, Optional<Integer> threads) {
        Backend backend = find(id);
        return threads.flatMap(backend::withThreads)
                .map(own -> new Lent(own, true))
                .orElseGet(() -> new Lent(backend, false));
    }

    private InputError unknown(String id, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        List<String> known = new ArrayList<>(ids());
        for (String more : List.of("tornado", "auto")) {
            if (!known.contains(more)) {
                known.add(more);
            }
        }
        String hint =
                MEANT.containsKey(lower) ? "; did you mean '" + MEANT.get(lower) + "'?" : Nearest.hint(lower, known);
        return InputError.of(
                "there is no backend '" + id + "'" + hint + " (there are " + String.join(", ", known) + ")", LIST);
    }

    private Backend automatic() {
        List<Backend> all = ids().stream().flatMap(id -> installed(id).stream()).toList();
        for (Backend backend : all) {
            for (Backend.Device device : backend.devices()) {
                if (device.gpu()) {
                    return device.id().equals(backend.id()) ? backend : backend.on(device.id());
                }
            }
        }
        return all.getFirst();
    }

    private Optional<Backend> installed(String name) {
        if (name.equals(REFERENCE)) {
            return Optional.of(new ReferenceBackend());
        }
        return references().stream()
                .filter(reference -> id(reference).equals(name))
                .findFirst()
                .map(context::getService);
    }

    /** Why something is not there, by its id; empty when nobody looked for more than there is. */
    public Map<String, String> absent() {
        Map<String, String> found = new LinkedHashMap<>();
        String ids = context.getProperty(ABSENT);
        if (ids != null) {
            Arrays.stream(ids.split(",")).forEach(id -> found.put(id, context.getProperty(ABSENT + "." + id)));
        }
        return found;
    }

    /** Why an id is not there: its own reason, or that of what it is part of. */
    private Optional<String> reason(String id) {
        Map<String, String> absent = absent();
        for (String part = id; !part.isEmpty(); part = part.substring(0, Math.max(0, part.lastIndexOf(':')))) {
            if (absent.containsKey(part)) {
                return Optional.of(absent.get(part));
            }
        }
        return Optional.empty();
    }

    private List<ServiceReference<Backend>> references() {
        try {
            return context.getServiceReferences(Backend.class, null).stream()
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String id(ServiceReference<Backend> reference) {
        return String.valueOf(reference.getProperty(BACKEND));
    }
}
