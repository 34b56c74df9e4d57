package org.kolotoc.tck.onnx;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** ONNX operators as the specification defines them, written with primitives and functions: a row each. */
final class Operators {
    private static final Map<String, Operator> ROWS = Stream.of(
                    Elementwise.ROWS,
                    Reductions.ROWS,
                    Moves.ROWS,
                    Indexing.ROWS,
                    Products.ROWS,
                    Normalizations.ROWS,
                    Losses.ROWS,
                    Attending.ROWS,
                    Windows.ROWS,
                    Sampling.ROWS,
                    Cells.ROWS,
                    Signals.ROWS,
                    Updates.ROWS)
            .flatMap(rows -> rows.entrySet().stream())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

    private Operators() {}

    static Operator of(String op) throws NotCovered {
        Operator operator = ROWS.get(op);
        if (operator == null) {
            throw new NotCovered("no row for this operator");
        }
        return operator;
    }
}
