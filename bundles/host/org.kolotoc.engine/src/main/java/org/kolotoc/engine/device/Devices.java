package org.kolotoc.engine.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.Backend;

/**
 * Every device of every backend, and whether it computes what the reference computes.
 *
 * @param devices what there is
 * @param absent what could be there, and why it is not, by id
 */
public record Devices(List<Device> devices, Map<String, String> absent) {

    /**
     * One device.
     *
     * @param id as {@code --backend} takes it
     * @param driver empty where there is none
     * @param memoryBytes 0 when nobody knows
     * @param computeUnits 0 when nobody knows
     * @param passed whether the test's numbers are right
     * @param trouble what was wrong, empty if nothing
     * @param seconds that the test took, compiling included
     */
    public record Device(
            String id,
            String name,
            String driver,
            long memoryBytes,
            int computeUnits,
            boolean gpu,
            boolean passed,
            String trouble,
            double seconds) {}

    /** Asks all backends for their devices and runs the test on each. */
    public static Devices of(Backends backends) {
        List<Device> devices = new ArrayList<>();
        Map<String, String> absent = new LinkedHashMap<>(backends.absent());
        for (String id : backends.ids()) {
            try {
                Backend backend = backends.find(id);
                backend.devices().forEach(device -> devices.add(tested(backend, device)));
            } catch (RuntimeException | LinkageError e) {
                absent.put(id, "its driver fails: " + e.getMessage());
            }
        }
        return new Devices(List.copyOf(devices), absent);
    }

    private static Device tested(Backend backend, Backend.Device device) {
        long start = System.nanoTime();
        String trouble;
        try {
            trouble = SelfTest.run(device.id().equals(backend.id()) ? backend : backend.on(device.id()));
        } catch (RuntimeException | LinkageError e) {
            trouble = "fails: " + e.getMessage();
        }
        return new Device(
                device.id(),
                device.name(),
                device.driver(),
                device.memory(),
                device.computeUnits(),
                device.gpu(),
                trouble.isEmpty(),
                trouble,
                (System.nanoTime() - start) / 1e9);
    }

    /** Whether all tests passed. */
    public boolean allPassed() {
        return devices.stream().allMatch(Device::passed);
    }
}
