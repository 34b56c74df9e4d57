package org.kolotoc.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the PTX and CUDA back ends say of a card that fails, on one that is not there; TornadoVM says nothing of most of it. */
class PretendedFaultsTest {
    private static final String WITHOUT_LIBRARY = "-Dkolotoc.absent.tornado:cuda:cublas=not wanted";

    @TempDir
    Path folder;

    private Properties faults(String backEnd, Map<String, String> driver) throws IOException {
        return PretendedDevice.build(folder, backEnd).work("faults", "tornado:" + backEnd, driver, WITHOUT_LIBRARY);
    }

    private Properties faults(String backEnd, String ordered) throws IOException {
        return faults(backEnd, Map.of("KOLOTOC_PRETENDED_FAULTS", ordered));
    }

    private static void assertSays(Properties told, String... words) {
        for (String word : words) {
            assertTrue(told.getProperty("failure").contains(word), () -> "«" + word + "» expected: " + told);
        }
    }

    /** The control of all the others. */
    @ParameterizedTest
    @ValueSource(strings = {"ptx", "cuda"})
    void withoutAFaultAllStepsAreTaken(String backEnd) throws IOException {
        Properties told = faults(backEnd, Map.of());
        assertEquals("", told.getProperty("failure"));
        assertEquals("50", told.getProperty("steps"));
        assertEquals("", told.getProperty("read"));
    }

    /** Whichever call hears of it first; no number is read after. */
    @ParameterizedTest
    @CsvSource({
        "ptx, kernel=700@2000, CUDA_ERROR_ILLEGAL_ADDRESS",
        "cuda, kernel=700@2000, CUDA_ERROR_ILLEGAL_ADDRESS",
        "ptx, kernel=214@2000, CUDA_ERROR_ECC_UNCORRECTABLE",
        "cuda, kernel=719@2000, CUDA_ERROR_LAUNCH_FAILED",
        "ptx, cuMemcpyDtoH=46@7, CUDA_ERROR_DEVICE_UNAVAILABLE",
        "cuda, cuMemcpyDtoH=46@7, CUDA_ERROR_DEVICE_UNAVAILABLE",
        "cuda, cuGraphLaunch=719@9, CUDA_ERROR_LAUNCH_FAILED",
    })
    void aLostDeviceIsToldByItsError(String backEnd, String ordered, String name) throws IOException {
        Properties told = faults(backEnd, ordered);
        assertSays(told, "tornado:" + backEnd + ":0 was lost: " + name, "since the last checkpoint is gone");
        int steps = Integer.parseInt(told.getProperty("steps"));
        assertTrue(steps > 0 && steps < 50, told::toString);
        assertTrue(told.getProperty("read").contains("was lost: " + name), told::toString);
        assertEquals(told.getProperty("launches"), told.getProperty("later"), "nothing more is asked of it");
    }

    /** Nor is a loss taken for want of memory, though the driver refuses that too. */
    @ParameterizedTest
    @ValueSource(strings = {"ptx", "cuda"})
    void aDeviceThatIsLostWhileItCompilesIsToldSo(String backEnd) throws IOException {
        Properties told = faults(backEnd, "kernel=700@20");
        assertSays(told, "tornado:" + backEnd + ":0 was lost: CUDA_ERROR_ILLEGAL_ADDRESS");
        assertEquals("0", told.getProperty("steps"));
    }

    /** The device lives, and has no memory of it: TornadoVM says it on CUDA by an exception, on PTX to nobody. */
    @ParameterizedTest
    @CsvSource({
        "cuda, cuGraphLaunch=701@9, cuGraphLaunch, CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES",
        "ptx, kernel=701@2000, cuLaunchKernel, CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES",
        "ptx, cuMemcpyHtoD=1@1000, cuMemcpyHtoD, CUDA_ERROR_INVALID_VALUE",
        "ptx, kernel=701@20, cuLaunchKernel, CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES",
    })
    void whatIsRefusedIsToldByTheDriversError(String backEnd, String ordered, String function, String name)
            throws IOException {
        assertSays(faults(backEnd, ordered), "tornado:" + backEnd + ":0: ", function, name);
    }

    /** The driver refuses one copy, and the device lives: TornadoVM takes what the host had for what came. */
    @ParameterizedTest
    @ValueSource(strings = {"ptx", "cuda"})
    void aCopyThatDoesNotComeIsNoNumber(String backEnd) throws IOException {
        Properties told = faults(backEnd, "cuMemcpyDtoH=1@5");
        assertSays(told, "tornado:" + backEnd + ":0 does not give back what it has", "4 bytes");
    }

    @ParameterizedTest
    @CsvSource({"ptx, 0", "cuda, 0", "ptx, 3", "cuda, 3"})
    void memoryThatIsRefusedInSpiteOfThePlanIsTold(String backEnd, int after) throws IOException {
        Properties told = faults(backEnd, "cuMemAlloc=2@" + after);
        assertSays(told, "tornado:" + backEnd + ":0 has no memory left for the ", " bytes of the program", " are free");
        assertSays(told, "CUDA_ERROR_OUT_OF_MEMORY");
        assertEquals("0", told.getProperty("steps"));
    }

    /** Another process has it before: both numbers, and nothing is taken. */
    @ParameterizedTest
    @ValueSource(strings = {"ptx", "cuda"})
    void memoryIsAskedForAgainBeforeItIsTaken(String backEnd) throws IOException {
        Properties told = faults(backEnd, Map.of("KOLOTOC_PRETENDED_TAKEN", "139989000000"));
        assertSays(
                told,
                "tornado:" + backEnd + ":0 has 140000000000 bytes",
                "other processes 139989000000: 11000000 are free, and this one takes ",
                "wait for the others");
        assertEquals("0", told.getProperty("launches"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ptx", "cuda"})
    void memoryThatCannotBePinnedIsTold(String backEnd) throws IOException {
        Properties told = faults(backEnd, "cuMemHostRegister=2@0");
        assertSays(told, "tornado:" + backEnd + ":0: the host can't pin ", "CUDA_ERROR_OUT_OF_MEMORY", "ulimit -l");
    }

    /** As a driver does that is older than what compiled them: by its name for the error, or by its words. */
    @ParameterizedTest
    @CsvSource({"ptx, CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "cuda, unsupported toolchain"})
    void kernelsThatTheDriverIsTooOldForAreTold(String backEnd, String said) throws IOException {
        Properties told = faults(backEnd, "cuModuleLoadData=222@0");
        assertSays(
                told,
                "tornado:" + backEnd + ":0: its driver does not take what is compiled for it",
                said,
                "install a newer driver");
    }

    /** cuBLAS would form them without rounding there. */
    @ParameterizedTest
    @CsvSource({"75, false", "80, true", "90, true"})
    void productsInBf16AreTheLibrarysWhereTheDeviceHasUnitsForThem(String capability, boolean library)
            throws IOException {
        Properties told = PretendedDevice.build(folder, "cuda")
                .work("rounded", "tornado:cuda", Map.of("KOLOTOC_PRETENDED_CAPABILITY", capability));
        assertEquals(library, Integer.parseInt(told.getProperty("products")) > 0, told::toString);
        assertTrue(Integer.parseInt(told.getProperty("launches")) > 0, told::toString);
    }

    /** Which TornadoVM takes for an old driver. */
    @Test
    void kernelsThatFindNoMemoryAreToldSo() throws IOException {
        Properties told = faults("cuda", "cuModuleLoadData=2@20");
        assertSays(told, "tornado:cuda:0 has no memory left for the ", "cuModuleLoadDataEx failed: out of memory");
        assertFalse(told.getProperty("failure").contains("older"), told::toString);
    }
}
