package org.kolotoc.backend.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.kolotoc.backend.tornado.graphs.DeviceWatch;
import org.kolotoc.backend.tornado.graphs.KernelClasses;
import org.kolotoc.backend.tornado.graphs.Target;
import org.kolotoc.tensor.Backend.Device;
import org.kolotoc.tensor.DeviceFailure;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.TornadoTargetDevice;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** The devices of all drivers that TornadoVM was started with, by their ids. */
final class Devices {
    private static final String PREFIX = "tornado:";
    private static final String CUDA = PREFIX + "cuda:";
    private static final String PTX = PREFIX + "ptx:";

    /** A device under its id. */
    record Found(String id, TornadoDevice device) {
        /** Whether it can record what a graph of tasks does, to do it again in one go. */
        boolean records() {
            return id.startsWith(CUDA);
        }

        /**
         * Whether a plan may be closed while others live. Not where host memory is pinned: closing one on CUDA unpins what
         * recordings of the others copy from, and PTX forgets to unpin what the collector frees, so that an array which
         * later lies partly there can't be copied.
         */
        boolean letsClose() {
            return !isNvidia();
        }

        /** Whether it says how long a kernel took; TornadoVM's back end for CUDA C does not. */
        boolean tellsTimes() {
            return !id.startsWith(CUDA);
        }

        /**
         * Whether an allocation that the driver refuses fails; TornadoVM's PTX back end takes the number of the error for an
         * address, and goes on.
         */
        boolean tellsRefusals() {
            return !id.startsWith(PTX);
        }

        /** Whether it is reached by NVIDIA's own driver. */
        private boolean isNvidia() {
            return id.startsWith(CUDA) || id.startsWith(PTX);
        }

        /** All it has, in bytes. */
        long memory() {
            return device.getPhysicalDevice().getDeviceGlobalMemorySize();
        }

        /** Whether there is a library for matrix products; the launcher looked for it. */
        boolean hasLibrary() {
            return id.startsWith(CUDA) && System.getProperty("kolotoc.absent.tornado:cuda:cublas") == null;
        }

        /** As programs are built for it. */
        Target target(KernelClasses classes) {
            return new Target(
                    id, device, records(), letsClose(), tellsRefusals(), new DeviceWatch(id, isNvidia()), classes);
        }
    }

    private final List<Found> all = new ArrayList<>();

    Devices() {
        TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
        for (int driver = 0; driver < runtime.getNumBackends(); driver++) {
            TornadoBackend backend = runtime.getBackend(driver);
            String kind = runtime.getBackendType(driver).name().toLowerCase(Locale.ROOT);
            for (int i = 0; i < backend.getNumDevices(); i++) {
                all.add(new Found(PREFIX + kind + ":" + i, backend.getDevice(i)));
            }
        }
        if (all.isEmpty()) {
            throw new DeviceFailure(
                    "TornadoVM's drivers found no device; clinfo and nvidia-smi show what they see", null);
        }
    }

    /** For a person, graphics processors first. */
    List<Device> told() {
        return all.stream()
                .map(Devices::told)
                .sorted((a, b) -> Boolean.compare(b.gpu(), a.gpu()))
                .toList();
    }

    /** The device of an id, or the first whose id begins with it. */
    Found find(String wanted) {
        String id = wanted + (wanted.equals("tornado") ? "" : ":");
        return told().stream()
                .filter(device -> device.id().equals(wanted) || device.id().startsWith(id))
                .findFirst()
                .flatMap(device -> all.stream()
                        .filter(found -> found.id().equals(device.id()))
                        .findFirst())
                .orElseThrow(() -> new IllegalArgumentException("there is no device " + wanted + ", only "
                        + all.stream().map(Found::id).collect(Collectors.joining(", "))));
    }

    private static Device told(Found found) {
        TornadoTargetDevice target = found.device().getPhysicalDevice();
        return new Device(
                found.id(),
                target.getDeviceName().strip(),
                found.device().getPlatformName().strip(),
                found.memory(),
                target.getDeviceMaxComputeUnits(),
                found.device().getDeviceType() == TornadoDeviceType.GPU);
    }
}
