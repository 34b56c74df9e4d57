package uk.ac.manchester.tornado.runtime.library.spi;

import uk.ac.manchester.tornado.api.common.LibraryTaskDescriptor;
import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;

/** Binds a native library; found as a service. */
public interface TornadoLibraryProvider {
    String libraryName();

    boolean canHandle(TornadoXPUDevice device);

    LibraryContext createContext(TornadoXPUDevice device, long plan);

    default void prepare(LibraryTaskDescriptor descriptor, LibraryContext context) {}

    void dispatch(String function, LibraryInvocation invocation);

    void destroyContext(LibraryContext context);
}
