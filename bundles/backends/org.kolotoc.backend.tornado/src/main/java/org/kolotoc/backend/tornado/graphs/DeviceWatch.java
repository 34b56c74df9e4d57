package org.kolotoc.backend.tornado.graphs;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.kolotoc.tensor.DeviceFailure;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Whether a device still does what it is told, which TornadoVM does not say: it prints what a driver refuses and goes on. A
 * device that was lost is not spoken to any more. To be used on the {@link DeviceThread}.
 */
public final class DeviceWatch {
    private static final Pattern NUMBER = Pattern.compile("(?:CUresult=|status=|cu[A-Z]\\w* gives error )(\\d+)");

    private final String device;
    private final int number;
    private final Optional<NvidiaDriver> driver;
    private final DriverErrors errors;
    private volatile String lost = "";

    /**
     * @param device id of the device, {@code tornado:cuda:0}
     * @param nvidia whether its driver is NVIDIA's own, by CUDA or PTX
     */
    public DeviceWatch(String device, boolean nvidia) {
        this.device = device;
        this.number = Integer.parseInt(device.substring(device.lastIndexOf(':') + 1));
        this.driver = nvidia ? NvidiaDriver.find() : Optional.empty();
        this.errors = DriverErrors.redirected();
    }

    /** Whether it was lost, as far as is known; may be asked on any thread. */
    public boolean isLost() {
        return !lost.isEmpty();
    }

    /** Bytes that nobody has at the moment; nothing where the driver does not tell. */
    public OptionalLong free() {
        return driver.isPresent() ? driver.get().free(number) : OptionalLong.empty();
    }

    /** Whether its units for matrices take operands in bf16 and tf32: those of NVIDIA do since compute capability 8. */
    public boolean rounds() {
        return driver.map(nvidia -> nvidia.capability(number)).orElse(0) >= 8;
    }

    /** Does something on the device; what TornadoVM throws meanwhile is what it means. */
    <T> T on(Supplier<T> work) {
        requireAlive();
        try {
            T done = work.get();
            refused().ifPresent(said -> {
                settle();
                throw failure(said);
            });
            return done;
        } catch (DeviceFailure e) {
            throw e;
        } catch (RuntimeException e) {
            forget();
            settle();
            throw isNumbered(e) ? new DeviceFailure(device + ": " + named(Reason.of(e)), e) : e;
        }
    }

    /** As {@link #on(Supplier)}, without a result. */
    void on(Runnable work) {
        on(() -> {
            work.run();
            return null;
        });
    }

    /** Sees that all that the device was told so far was done. */
    void settle() {
        driver.flatMap(NvidiaDriver::fault).ifPresent(this::lose);
        requireAlive();
    }

    /** It was lost: whatever it has is no longer to be had. */
    void lose(String reason) {
        lost = lost.isEmpty() ? reason : lost;
    }

    private void requireAlive() {
        if (isLost()) {
            throw new DeviceFailure(
                    device + " was lost: " + lost + "; what it computed since the last checkpoint is gone"
                            + (driver.isPresent() ? " (nvidia-smi and dmesg show what became of it)" : ""),
                    null);
        }
    }

    /** What the driver refused since this was asked last, which TornadoVM prints alone. */
    Optional<DriverErrors.Said> refused() {
        return errors.next();
    }

    /** What was refused so far is told, or of no account. */
    void forget() {
        errors.next();
    }

    /** {@code cuLaunchKernel, CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES}. */
    String told(DriverErrors.Said said) {
        return said.function() + ", "
                + driver.map(nvidia -> nvidia.name(said.code())).orElse("error " + said.code());
    }

    /** After which what the device has is not what it should be. */
    DeviceFailure failure(DriverErrors.Said said) {
        return new DeviceFailure(device + ": its driver refused " + told(said), null);
    }

    private static boolean isNumbered(RuntimeException failure) {
        return NUMBER.matcher(Reason.of(failure)).find();
    }

    /** What TornadoVM says, with the name of the driver's error where it gives the number. */
    String named(String reason) {
        Matcher number = NUMBER.matcher(reason);
        return driver.isPresent() && number.find()
                ? reason + ", " + driver.get().name(Integer.parseInt(number.group(1)))
                : reason;
    }

    /** What the driver says to the PTX of a kernel, behind a comma; empty where it takes it or is not asked. */
    String refusal(String source) {
        int begin = source.indexOf(".version");
        return begin < 0
                ? ""
                : driver.flatMap(nvidia -> nvidia.refuses(source.substring(begin)))
                        .map(name -> ", " + name)
                        .orElse("");
    }

    /**
     * Sees that the host's arrays are pinned: copies of others may come late.
     *
     * @throws DeviceFailure when the host can't pin them
     */
    void requirePinned(Stream<TornadoNativeArray> arrays) {
        driver.ifPresent(nvidia -> arrays.map(TornadoNativeArray::getSegmentWithHeader)
                .forEach(host -> nvidia.pinned(host).ifPresent(name -> {
                    throw new DeviceFailure(
                            device + ": the host can't pin " + host.byteSize() + " bytes for copies (" + name
                                    + "): other processes or the limits of this one have the memory that may be pinned"
                                    + " (ulimit -l, a container's memory)",
                            null);
                })));
    }
}
