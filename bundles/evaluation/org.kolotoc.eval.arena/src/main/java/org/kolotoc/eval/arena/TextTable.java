package org.kolotoc.eval.arena;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows in aligned columns, numbers to the right. What is not there is a dash. */
final class TextTable {
    static final String NOTHING = "–";

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(List<String> heads) {
        rows.add(heads);
    }

    void row(List<String> cells) {
        rows.add(cells);
    }

    private boolean isNumeric(int column) {
        return rows.stream()
                .skip(1)
                .map(row -> row.get(column))
                .allMatch(cell -> cell.equals(NOTHING) || cell.matches("-?[\\d.,]+"));
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        int[] widths = IntStream.range(0, columns)
                .map(column -> rows.stream()
                        .mapToInt(row -> width(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        boolean[] right = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            right[column] = isNumeric(column);
        }
        return rows.stream()
                .map(row -> IntStream.range(0, columns)
                        .mapToObj(column -> {
                            String gap = " ".repeat(widths[column] - width(row.get(column)));
                            return right[column] ? gap + row.get(column) : row.get(column) + gap;
                        })
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .collect(Collectors.joining("\n"));
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
