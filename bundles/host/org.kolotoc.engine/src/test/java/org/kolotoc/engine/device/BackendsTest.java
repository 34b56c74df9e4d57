package org.kolotoc.engine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.FakeBackend;
import org.kolotoc.engine.TestFramework;
import org.kolotoc.tensor.Buffer;

final class BackendsTest {
    private static final FakeBackend CPU = FakeBackend.of("cpu", FakeBackend.device("cpu", false));
    private static final FakeBackend TORNADO = FakeBackend.of(
            "tornado",
            FakeBackend.device("tornado:opencl:0", false),
            FakeBackend.device("tornado:opencl:1", true),
            FakeBackend.device("tornado:cuda:0", true));

    private static Backends backends(FakeBackend... some) {
        TestFramework framework = new TestFramework();
        for (FakeBackend backend : some) {
            framework.backend(backend);
        }
        return new Backends(framework.context());
    }

    @Test
    void aBackendOrADeviceIsFoundByItsId() {
        Backends both = backends(TORNADO, CPU);
        assertEquals(List.of("cpu", "tornado", "reference"), both.ids());
        assertEquals("cpu", both.find("cpu").id());
        assertEquals("tornado", both.find("tornado").id());
        assertEquals("tornado:opencl:1", both.find("tornado:opencl:1").id());
        assertEquals("tornado:cuda:0", both.find("tornado:cuda").id());
        assertEquals("reference", both.find("reference").id());
    }

    /** As the framework ranks them; it hands them out in any order. */
    @Test
    void ofSeveralOfOneIdTheFirstThatCameIsTaken() {
        FakeBackend[] all = new FakeBackend[9];
        Arrays.setAll(all, i -> FakeBackend.of("same", FakeBackend.device("same:" + i, false)));
        assertEquals("same:0", backends(all).find("same").devices().getFirst().id());
    }

    @Test
    void autoTakesTheFirstGraphicsProcessor() {
        assertEquals("tornado:opencl:1", backends(CPU, TORNADO).find("auto").id());
        FakeBackend without = FakeBackend.of("tornado", FakeBackend.device("tornado:opencl:0", false));
        assertEquals("cpu", backends(without, CPU).find("auto").id());
        assertEquals("cpu", backends(CPU).find("auto").id());
    }

    @Test
    void whatIsNotThereIsAnsweredWithTheNearest() {
        InputError backend =
                assertThrows(InputError.class, () -> backends(CPU, TORNADO).find("tornadoo"));
        assertEquals(
                "there is no backend 'tornadoo'; did you mean 'tornado'? (there are cpu, tornado, reference, auto)",
                backend.getMessage());
        for (Map.Entry<String, String> meant : Map.of(
                        "Tornado", "tornado", "gpu", "auto", "CUDA", "tornado:cuda", "cuda:0", "tornado:cuda")
                .entrySet()) {
            InputError unknown =
                    assertThrows(InputError.class, () -> backends(CPU).find(meant.getKey()));
            assertTrue(
                    unknown.getMessage().contains("; did you mean '" + meant.getValue() + "'?"), unknown.getMessage());
        }
        InputError device =
                assertThrows(InputError.class, () -> backends(CPU, TORNADO).find("tornado:opencl:7"));
        assertEquals(
                "there is no device 'tornado:opencl:7'; did you mean 'tornado:opencl:0'? (tornado has"
                        + " tornado:opencl:0, tornado:opencl:1, tornado:cuda:0)",
                device.getMessage());
        assertTrue(device.next().contains("./kolotoc devices"), device.next());
        InputError cpu = assertThrows(InputError.class, () -> backends(CPU).find("cpu:1"));
        assertTrue(cpu.getMessage().contains("'cpu:1'; did you mean 'cpu'?"), cpu.getMessage());
    }

    @Test
    void whyItIsNotThereIsSaid() {
        TestFramework none = new TestFramework()
                .backend(CPU)
                .property("kolotoc.absent", "tornado")
                .property("kolotoc.absent.tornado", "TORNADOVM_HOME is not set");
        InputError error = assertThrows(InputError.class, () -> new Backends(none.context()).find("tornado:opencl:0"));
        assertEquals("the backend 'tornado:opencl:0' is not there: TORNADOVM_HOME is not set", error.getMessage());
        assertEquals("--backend cpu; ./kolotoc devices lists what there is", error.next());
        TestFramework part = new TestFramework()
                .backend(CPU)
                .backend(TORNADO)
                .property("kolotoc.absent", "tornado:ptx")
                .property("kolotoc.absent.tornado:ptx", "libcuda.so.1 not found");
        InputError ptx = assertThrows(InputError.class, () -> new Backends(part.context()).find("tornado:ptx:0"));
        assertTrue(ptx.getMessage().contains("'tornado:ptx:0': libcuda.so.1 not found"), ptx.getMessage());
    }

    @Test
    void everyDeviceIsTestedAndAWrongNumberIsFound() {
        FakeBackend.Manner thousandth = new FakeBackend.Manner() {
            @Override
            public void after(Map<String, Buffer> buffers) {
                Buffer softmax = buffers.get("softmax");
                float[] values = new float[softmax.shape().size()];
                softmax.read(values);
                values[5] += 1e-3f;
                softmax.write(values);
            }
        };
        FakeBackend wrong = new FakeBackend("wrong", List.of(FakeBackend.device("wrong:0", false)), thousandth);
        TestFramework framework = new TestFramework()
                .backend(TORNADO)
                .backend(wrong)
                .property("kolotoc.absent", "other")
                .property("kolotoc.absent.other", "its library is missing");
        Devices devices = Devices.of(new Backends(framework.context()));
        assertEquals(
                List.of("tornado:opencl:0", "tornado:opencl:1", "tornado:cuda:0", "wrong:0", "reference"),
                devices.devices().stream().map(Devices.Device::id).toList());
        assertEquals(Map.of("other", "its library is missing"), devices.absent());
        assertFalse(devices.allPassed());
        devices.devices().forEach(device -> {
            assertEquals(!device.id().equals("wrong:0"), device.passed(), device::toString);
            assertTrue(device.seconds() > 0, device::toString);
        });
        assertTrue(devices.devices().get(3).trouble().matches("softmax\\[5\\] is .*, expected .*"), devices::toString);
    }
}
