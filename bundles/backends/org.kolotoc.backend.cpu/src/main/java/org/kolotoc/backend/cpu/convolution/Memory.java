package org.kolotoc.backend.cpu.convolution;

import java.lang.foreign.MemorySegment;

/** Of this process, by its addresses. */
final class Memory {
    @SuppressWarnings("restricted")
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Memory() {}
}
