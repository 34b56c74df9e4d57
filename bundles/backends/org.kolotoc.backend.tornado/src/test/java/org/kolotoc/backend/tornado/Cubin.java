package org.kolotoc.backend.tornado;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What a kernel takes of a multiprocessor, as its image of machine code says: an ELF file whose section {@code .nv.info} is a
 * sequence of attributes. NVIDIA states that layout nowhere; {@link PretendedDeviceTest} holds it against what ptxas says.
 *
 * @param registers of each thread
 * @param frame bytes of local memory, for spilled registers and arrays, of each thread
 */
record Cubin(int registers, int frame) {
    private static final int SECTION_HEADERS = 0x28;
    private static final int SIZED = 4;
    private static final int FRAME_SIZE = 0x11;
    private static final int REGISTERS = 0x2f;

    /** The most of all kernels in the image; nothing is known of one that has no such section. */
    static Cubin of(byte[] image) {
        ByteBuffer elf = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (elf.getInt(0) != 0x464c457f) {
            throw new IllegalArgumentException("no ELF file");
        }
        int headers = (int) elf.getLong(SECTION_HEADERS);
        int size = elf.getShort(0x3a);
        int names = (int) elf.getLong(headers + size * elf.getShort(0x3e) + 0x18);
        for (int i = 0; i < elf.getShort(0x3c); i++) {
            int header = headers + i * size;
            if (name(elf, names + elf.getInt(header)).equals(".nv.info")) {
                return attributes(elf, (int) elf.getLong(header + 0x18), (int) elf.getLong(header + 0x20));
            }
        }
        throw new IllegalArgumentException("no section .nv.info");
    }

    private static String name(ByteBuffer elf, int at) {
        int end = at;
        while (elf.get(end) != 0) {
            end++;
        }
        return new String(elf.array(), at, end - at, StandardCharsets.US_ASCII);
    }

    /** Each has a format, a kind, and a value of two bytes, or its size and as many: which kernel, how many. */
    private static Cubin attributes(ByteBuffer elf, int from, int bytes) {
        int registers = 0;
        int frame = 0;
        int size;
        for (int at = from; at < from + bytes; at += 4 + size) {
            boolean sized = elf.get(at) == SIZED;
            size = sized ? elf.getShort(at + 2) : 0;
            switch (sized ? elf.get(at + 1) : 0) {
                case REGISTERS -> registers = Math.max(registers, elf.getInt(at + 8));
                case FRAME_SIZE -> frame = Math.max(frame, elf.getInt(at + 8));
                default -> {}
            }
        }
        return new Cubin(registers, frame);
    }
}
