package org.kolotoc.launcher.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolkitTest {
    private static final Path LIBRARY = Path.of("lib", "libtornado-cuda.so");

    @TempDir
    Path folder;

    /** Names that are part of others, or that are printed, are none of functions. */
    @Test
    void aLibraryTellsWhatItCalls() throws IOException {
        Path library = folder.resolve("library");
        Files.writeString(
                library,
                "\177ELF\0\0cuInit\0cuCtxCreate_v4\0cuMemAlloc_v2\0libnvrtc.so.13\0cuMemFree_v2"
                        + " failed\0xcuFoo_v9\0\377",
                StandardCharsets.ISO_8859_1);
        assertEquals(new Toolkit(13, List.of("cuCtxCreate_v4", "cuMemAlloc_v2")), Toolkit.of(library));
    }

    @Test
    void aDriverOfTheSameCudaOrANewerOneServes() {
        Toolkit toolkit = new Toolkit(13, List.of("cuCtxCreate_v4"));
        assertEquals("", toolkit.reason(LIBRARY, 13000, _ -> true));
        assertEquals("", toolkit.reason(LIBRARY, 14010, _ -> true));
        assertEquals("", new Toolkit(0, List.of()).reason(LIBRARY, 11040, _ -> true), "one that compiles nothing");
    }

    @Test
    void anOlderDriverIsToldWithBothVersions() {
        Toolkit toolkit = new Toolkit(13, List.of("cuCtxCreate_v4"));
        String older = toolkit.reason(LIBRARY, 12020, _ -> true);
        assertTrue(
                older.startsWith(
                        "NVIDIA's driver speaks CUDA 12.2, and libtornado-cuda.so compiles with CUDA 13; install"),
                older);
        String lacking = toolkit.reason(LIBRARY, 12020, name -> !name.equals("cuCtxCreate_v4"));
        assertTrue(lacking.contains("it has no cuCtxCreate_v4, which libtornado-cuda.so calls"), lacking);
    }
}
