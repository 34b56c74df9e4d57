package org.kolotoc.backend.tornado;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.kolotoc.backend.tornado.graphs.DeviceThread;
import org.kolotoc.backend.tornado.graphs.KernelClasses;
import org.kolotoc.backend.tornado.kernels.PlanKernels;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.HostMemory;
import org.kolotoc.tensor.Lifetime;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Runs programs on the devices of TornadoVM. Parameters, optimiser state and intermediate values stay there; a run sends
 * feeds up, and what is read comes down. The same bits each time on one device.
 */
@Component(service = Backend.class, property = "kolotoc.backend=tornado")
public final class TornadoBackend implements Backend {
    private static final String ID = "tornado";

    /** What all devices of this backend share: found and started with the first use. */
    private static final class Drivers {
        private final DeviceThread thread = new DeviceThread();
        private final KernelClasses classes = new KernelClasses();
        private final Lifetime lifetime = new Lifetime("the backend");
        private Devices devices;
        private final Map<String, DeviceRuns> runs = new HashMap<>();
        /** Those that were not closed; the device may have the newest content of their buffers. */
        private final Set<TornadoExecutable> executables = new LinkedHashSet<>();

        synchronized Devices devices() {
            if (devices == null) {
                devices = lifetime.use(() -> thread.call(Devices::new));
            }
            return devices;
        }

        synchronized DeviceRuns runs(String id) {
            Devices.Found found = devices().find(id);
            return runs.computeIfAbsent(found.id(), _ -> new DeviceRuns(found, classes, thread));
        }

        Executable compile(String id, Program program) {
            Plan plan = PlanKernels.plan(program);
            TornadoExecutable executable = new TornadoExecutable(program, plan, runs(id), lifetime, this::forget);
            synchronized (executables) {
                executables.add(executable);
            }
            return executable;
        }

        private void forget(TornadoExecutable closed) {
            synchronized (executables) {
                executables.remove(closed);
            }
        }

        void close() {
            lifetime.end(() -> {
                List<Runnable> ends = new ArrayList<>();
                synchronized (executables) {
                    executables.forEach(executable -> ends.add(executable::close));
                }
                runs.values().forEach(run -> ends.add(run::close));
                ends.add(thread::close);
                InOrder.all(ends);
            });
        }
    }

    /** What TornadoVM's compiler and a driver's take while they translate; measured with PoCL, first.json: 370 MB. */
    private static final long TRANSLATORS = 350_000_000;

    private final String id;
    private final Drivers drivers;

    @Activate
    public TornadoBackend() {
        this(ID, new Drivers());
    }

    private TornadoBackend(String id, Drivers drivers) {
        this.id = id;
        this.drivers = drivers;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String device() {
        Device device = chosen();
        return device.id() + ", " + device.name() + " (" + device.driver() + ")";
    }

    private Device chosen() {
        String found = drivers.devices().find(id).id();
        return devices().stream()
                .filter(device -> device.id().equals(found))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public List<Device> devices() {
        return drivers.devices().told();
    }

    @Override
    public Backend on(String device) {
        return device.equals(ID)
                ? this
                : new TornadoBackend(drivers.devices().find(device).id(), drivers);
    }

    @Override
    public Buffer allocate(DType dtype, Shape shape) {
        return drivers.lifetime.use(() -> new TornadoBuffer(dtype, shape));
    }

    @Override
    public Memory memory() {
        return new Memory(chosen().memory(), 0, drivers.runs(id).peak());
    }

    @Override
    public Memory hostMemory() {
        long total = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
        Memory host = HostMemory.now(total);
        return new Memory(host.total(), host.overhead() + TRANSLATORS, host.peak());
    }

    @Override
    public Compilation compilation() {
        return drivers.runs(id).compilation();
    }

    @Override
    public Optional<Compiling> compiling() {
        return drivers.runs(id).compiling();
    }

    @Override
    public Executable compile(Program program) {
        return drivers.lifetime.use(() -> drivers.compile(id, program));
    }

    @Override
    @Deactivate
    public void close() {
        drivers.close();
    }
}
