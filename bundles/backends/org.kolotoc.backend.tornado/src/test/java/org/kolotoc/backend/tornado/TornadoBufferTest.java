package org.kolotoc.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Whoever wrote last is read, and nothing is fetched twice. */
final class TornadoBufferTest {
    private final TornadoBuffer buffer = new TornadoBuffer(DType.F32, Shape.of(3));
    private final List<String> fetched = new ArrayList<>();

    private TornadoBuffer.Place place(String name, float value) {
        return memory -> {
            fetched.add(name);
            for (int i = 0; i < 3; i++) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, value + i);
            }
        };
    }

    private float[] content() {
        float[] values = new float[3];
        buffer.read(values);
        return values;
    }

    @Test
    void aLiteralIsThereFromTheBeginning() {
        Tensor literal = new Tracer().constant(new int[] {5, -6, 7}, Shape.of(3));
        TornadoBuffer elements = TornadoBuffer.of(((Op.Literal) literal.op()).elements());
        int[] values = new int[3];
        elements.read(values);
        assertArrayEquals(new int[] {5, -6, 7}, values);
        assertEquals(DType.I32, elements.dtype());
    }

    @Test
    void theDevicesContentIsFetchedOnce() {
        buffer.write(new float[] {7, 8, 9});
        buffer.writtenAt(place("a", 1));
        assertArrayEquals(new float[] {1, 2, 3}, content());
        assertArrayEquals(new float[] {1, 2, 3}, content());
        assertEquals(List.of("a"), fetched);
    }

    @Test
    void theLastWriterWins() {
        buffer.writtenAt(place("a", 1));
        buffer.writtenAt(place("b", 4));
        assertArrayEquals(new float[] {4, 5, 6}, content());
        buffer.writtenAt(place("a", 1));
        buffer.write(new float[] {7, 8, 9});
        assertArrayEquals(new float[] {7, 8, 9}, content());
        assertEquals(List.of("b"), fetched);
    }

    @Test
    void aCopyFetchesWhatTheDeviceHasAndForgetsWhatItHadItself() {
        TornadoBuffer copy = new TornadoBuffer(DType.F32, Shape.of(3));
        copy.writtenAt(place("old", 7));
        long version = copy.version();
        buffer.writtenAt(place("new", 1));
        copy.copyFrom(buffer);
        assertEquals(version + 1, copy.version(), "a program that has the old content is told");
        buffer.writtenAt(place("later", 4));
        float[] values = new float[3];
        copy.read(values);
        assertArrayEquals(new float[] {1, 2, 3}, values);
        assertEquals(List.of("new"), fetched);
    }

    @Test
    void writingAPartKeepsTheRestOfTheDevices() {
        buffer.writtenAt(place("a", 1));
        buffer.write(1, new float[] {5});
        assertArrayEquals(new float[] {1, 5, 3}, content());
    }

    @Test
    void everyContentHasAVersionOfItsOwn() {
        long first = buffer.version();
        buffer.write(new float[3]);
        long second = buffer.version();
        long third = buffer.writtenAt(place("a", 1));
        content();
        assertEquals(3, List.of(first, second, third).stream().distinct().count());
        assertEquals(third, buffer.version());
    }

    @Test
    void whatOnlyAPlaceHasComesBackBeforeItGoes() {
        TornadoBuffer.Place place = place("a", 1);
        buffer.writtenAt(place);
        buffer.leave(place);
        assertEquals(List.of("a"), fetched);
        buffer.leave(place);
        assertEquals(List.of("a"), fetched);
        assertArrayEquals(new float[] {1, 2, 3}, content());
    }

    @Test
    void whatWasClosedRefusesAndFetchesNothing() {
        TornadoBuffer.Place place = place("a", 1);
        buffer.writtenAt(place);
        buffer.close();
        buffer.close();
        buffer.leave(place);
        buffer.writtenAt(place);
        for (Executable use : List.<Executable>of(
                this::content,
                () -> buffer.write(new float[3]),
                () -> buffer.write(1, new float[1]),
                () -> buffer.read(1, new float[1]),
                buffer::content,
                buffer::requireOpen)) {
            String message = assertThrows(IllegalStateException.class, use).getMessage();
            assertEquals("the buffer of f32 [3] was closed", message);
        }
        assertEquals(List.of(), fetched);
    }

    @Test
    void whatIsNoTruthValueIsNotWritten() {
        TornadoBuffer truth = new TornadoBuffer(DType.BOOL, Shape.of(2));
        long version = truth.version();
        assertThrows(IllegalArgumentException.class, () -> truth.write(new int[] {1, 2}));
        int[] values = {7, 7};
        truth.read(values);
        assertArrayEquals(new int[2], values);
        assertEquals(version, truth.version());
        truth.close();
    }
}
