package org.kolotoc.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.backend.cpu.codegen.KernelCode;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Launch;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op.ReduceKind;

class FusedWorkTest {
    private static int pieces(List<Integer> outer, int inner, Instruction... body) {
        return FusedWork.pieces(new Launch.Fused("kernel", outer, inner, List.of(body), 0, 0));
    }

    /** Sizes at which a sum of two of them is no int any more. */
    @Test
    void theLargestLaunchesHavePieces() {
        int most = Integer.MAX_VALUE;
        assertHandedOut(pieces(List.of(), KernelCode.LONGEST_ROW));
        assertHandedOut(pieces(List.of(most), 1));
        assertHandedOut(pieces(List.of(most - 1), 1));
        assertHandedOut(pieces(List.of(most / 5000), 5000));
        assertHandedOut(pieces(List.of(most), 1, new Instruction.ColumnReduce(ReduceKind.SUM, 0, 0, 0, DType.F32)));
        assertHandedOut(
                pieces(List.of(1), KernelCode.LONGEST_ROW, new Instruction.RowReduce(ReduceKind.SUM, 0, DType.F32)));
    }

    @Test
    void theLastPieceEndsWhereTheLaunchDoes() {
        int most = Integer.MAX_VALUE;
        int size = 1 << 27;
        assertEquals(size, FusedWork.limit(0, size, most));
        assertEquals(most, FusedWork.limit(15 * size, size, most));
        assertEquals(7, FusedWork.limit(4, 4, 7));
    }

    private static void assertHandedOut(int pieces) {
        assertTrue(pieces > 0 && pieces <= Workers.MAX_PIECES, pieces + " pieces");
    }
}
