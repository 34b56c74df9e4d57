package org.kolotoc.backend.cpu.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TilingTest {

    @ParameterizedTest
    @CsvSource({
        "256, 3072, 768, false, 1, 8", // wide weights: nobody reads all of them
        "2048, 384, 1536, false, 8, 1", // many rows, few weights
        "50257, 768, 256, false, 64, 1",
        "256, 50257, 768, true, 1, 64",
        "256, 768, 50257, false, 2, 4", // more pieces would read more than they multiply
        "768, 512, 128, false, 4, 2",
        "768, 512, 128, true, 2, 4", // turning B costs, so it is turned twice and not four times
        "1, 1, 1, false, 1, 1",
        "0, 5, 4, false, 1, 1"
    })
    void readsLittle(int m, int n, int k, boolean turnsB, int rows, int columns) {
        var shape = MatmulShape.of(m, n, k);
        assertEquals(
                new Tiling(rows, columns),
                Tiling.of(turnsB ? shape.withB(Strides.rowMajor(k).transposed()) : shape));
    }

    @Test
    void twoThreadsAlwaysHaveAShare() {
        for (int m : new int[] {64, 65, 100, 128, 200, 768, 1000}) {
            for (int n : new int[] {64, 96, 128, 384, 1152}) {
                var tiling = Tiling.of(MatmulShape.of(m, n, 128));
                assertTrue(tiling.rows() * tiling.columns() >= 2, m + " x " + n + ": " + tiling);
            }
        }
    }

    @Test
    void partsFollowEachOtherAndAreAboutEqual() {
        for (int size : new int[] {1, 7, 31, 64, 100, 257, 768, 2304, 50257}) {
            for (int parts = 1; parts <= Math.min(size, 64); parts *= 2) {
                assertEquals(0, Tiling.bound(size, 0, parts));
                assertEquals(size, Tiling.bound(size, parts, parts));
                for (int part = 0; part < parts; part++) {
                    int width = Tiling.bound(size, part + 1, parts) - Tiling.bound(size, part, parts);
                    assertTrue(Math.abs(width - size / (double) parts) <= 16, size + " in " + parts + ": " + width);
                    assertTrue(width > 0, size + " in " + parts + ": " + width);
                }
            }
        }
    }
}
