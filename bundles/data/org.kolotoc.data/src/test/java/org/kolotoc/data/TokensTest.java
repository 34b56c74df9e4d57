package org.kolotoc.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.api.InputError;
import org.kolotoc.tensor.CounterRandom;

/** Rows of tokens in memory and in a file, in each width. */
class TokensTest {
    private static final int COUNT = 100_001;

    @TempDir
    Path folder;

    private static int[] row(int vocab) {
        CounterRandom random = new CounterRandom(1, "tokens");
        int[] row = new int[COUNT];
        Arrays.setAll(row, i -> i < 2 ? i * (vocab - 1) : random.integer(i, vocab));
        return row;
    }

    private Tokens stored(int vocab, int large, int[] row) {
        try (Tokens.Writer writer = new Tokens.Writer(vocab, large, () -> folder)) {
            for (int at = 0, count = 1; at < row.length; at += count, count = count % 7_000 * 3 + 1) {
                writer.accept(Arrays.copyOfRange(row, at, Math.min(row.length, at + count)));
            }
            return writer.finish();
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "256, 1", "257, 2", "65536, 2", "65537, 4", "2147483647, 4"})
    void everyTokenComesBackInTheBytesItsVocabularyNeeds(int vocab, int width) throws IOException {
        int[] row = row(vocab);
        for (int large : new int[] {1 << 16, Tokens.LARGE}) {
            Tokens tokens = stored(vocab, large, row);
            assertEquals(COUNT, tokens.count());
            assertEquals(large < Tokens.LARGE ? (long) COUNT * width : 0, tokens.filed());
            assertEquals(large < Tokens.LARGE ? 1 << 16 : (long) COUNT * width, tokens.held());
            int[] read = new int[COUNT + 5];
            tokens.read(0, read, 5, COUNT);
            assertArrayEquals(row, Arrays.copyOfRange(read, 5, COUNT + 5));
            tokens.read(COUNT - 10, read, 0, 10);
            assertArrayEquals(Arrays.copyOfRange(row, COUNT - 10, COUNT), Arrays.copyOf(read, 10));
            assertThrows(IndexOutOfBoundsException.class, () -> tokens.read(COUNT - 10, read, 0, 11));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count(), "a file of tokens loses its name as soon as it is whole");
        }
    }

    @Test
    void readingAllocatesNothingFromMemoryNorFromAFile() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int[] row = row(300);
        int[] window = new int[65];
        for (int large : new int[] {1 << 16, Tokens.LARGE}) {
            Tokens tokens = stored(300, large, row);
            for (int i = 0; i < 500; i++) {
                tokens.read(i * 100, window, 0, 65);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1000; i++) {
                tokens.read(i * 99, window, 0, 65);
            }
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(bytes < 8 * 1000, () -> "1000 windows allocated " + bytes + " bytes");
        }
    }

    @Test
    void nothingIsARowToo() {
        assertEquals(0, stored(300, Tokens.LARGE, new int[0]).count());
    }

    @Test
    void aTokenOutsideTheVocabularyIsNoneOfAnyWidth() {
        for (int token : new int[] {-1, 256, 1 << 20}) {
            IllegalStateException error =
                    assertThrows(IllegalStateException.class, () -> stored(256, Tokens.LARGE, new int[] {token}));
            assertTrue(error.getMessage().contains("the token " + token), error.getMessage());
        }
    }

    @Test
    void aFolderThatTakesNoFileIsNamedAsTheCause() {
        InputError error = assertThrows(InputError.class, () -> {
            try (Tokens.Writer writer = new Tokens.Writer(2, 1 << 16, () -> folder.resolve("absent"))) {
                writer.accept(new int[1 << 17]);
            }
        });
        assertTrue(error.getMessage().contains("folder for temporary files"), error.getMessage());
        assertTrue(error.next().contains("TMPDIR"), error.next());
    }
}
