package org.kolotoc.tensor;

/**
 * A device, its driver or its compiler fails at what another backend may well do: it is out of memory, a kernel does not
 * compile, a library is broken. The message is for a person. What was on the device is lost; buffers
 * that were read or checkpointed before are not.
 */
public final class DeviceFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DeviceFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
