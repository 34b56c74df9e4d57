package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A text that can't be measured, which is seen before a model is opened. */
final class PerplexityCommandTest {
    @TempDir
    Path folder;

    @Test
    void aByteThatIsNoTextIsNamedWithItsPlace() throws Exception {
        Path text = Files.write(
                folder.resolve("latin.txt"), new byte[] {'a', '\n', (byte) 0xC5, (byte) 0x99, (byte) 0xE9, '\n', 'b'});
        FakeHost host = FakeHost.standard();
        Printed printed = Printed.by(
                new PerplexityCommand(host.engine(), host.terminal()),
                folder.resolve("run").toString(),
                text.toString());
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("latin.txt, line 2, column 2: is no UTF-8: byte 4 is 0xE9"), printed.err());
    }
}
