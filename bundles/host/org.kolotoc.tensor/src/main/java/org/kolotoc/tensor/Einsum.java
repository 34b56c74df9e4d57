package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sums of products by the letters of their axes, see {@link Functions#einsum}. Operands are taken one after the other: what
 * no later one nor the result needs is summed at once, as a matrix product where two operands share it.
 */
final class Einsum {
    private final String spec;
    private final Tracer tracer;
    private final Map<Character, Integer> extents = new HashMap<>();

    /** An operand whose axes have names, each of them once. */
    private record Named(Tensor tensor, String axes) {}

    private Einsum(String spec, Tracer tracer) {
        this.spec = spec;
        this.tracer = tracer;
    }

    static Tensor of(String spec, Tensor... operands) {
        if (operands.length == 0) {
            throw new IllegalArgumentException("einsum '" + spec + "' of no tensors");
        }
        return new Einsum(spec, operands[0].tracer()).of(List.of(operands));
    }

    private Tensor of(List<Tensor> operands) {
        String compact = spec.replace(" ", "");
        int arrow = compact.indexOf("->");
        if (arrow < 0 || !compact.replace(",", "").replaceFirst("->", "").matches("[a-zA-Z]*")) {
            throw wrong("it takes letters, commas and one '->'", operands);
        }
        List<String> names = List.of(compact.substring(0, arrow).split(",", -1));
        String result = compact.substring(arrow + 2);
        if (names.size() != operands.size()) {
            throw wrong("it names " + names.size() + " operands, there are " + operands.size(), operands);
        }
        for (int i = 0; i < names.size(); i++) {
            require(names.get(i), operands.get(i), operands);
        }
        for (char axis : result.toCharArray()) {
            if (!extents.containsKey(axis)) {
                throw wrong("'" + axis + "' of the result is in no operand", operands);
            }
            if (result.indexOf(axis) != result.lastIndexOf(axis)) {
                throw wrong("'" + axis + "' is twice in the result", operands);
            }
        }
        Named product = null;
        for (int i = 0; i < names.size(); i++) {
            String later = String.join("", names.subList(i + 1, names.size())) + result;
            Named next = diagonal(operands.get(i), names.get(i));
            product = product == null ? reduced(next, later) : product(product, next, later);
        }
        return ordered(product, result);
    }

    private void require(String names, Tensor operand, List<Tensor> operands) {
        if (operand.dtype() != DType.F32) {
            throw wrong("it takes f32", operands);
        }
        if (names.length() != operand.shape().rank()) {
            throw wrong("'" + names + "' does not name the axes of " + operand.shape(), operands);
        }
        for (int axis = 0; axis < names.length(); axis++) {
            int extent = operand.shape().extent(axis);
            Integer known = extents.putIfAbsent(names.charAt(axis), extent);
            if (known != null && known != extent) {
                throw wrong("'" + names.charAt(axis) + "' is " + known + " and " + extent, operands);
            }
        }
    }

    private ShapeError wrong(String why, List<Tensor> operands) {
        return tracer.error("einsum '" + spec + "' of "
                + operands.stream()
                        .map(o -> o.dtype().label() + " " + o.shape())
                        .collect(Collectors.joining(", "))
                + ": " + why + "; like einsum(\"bij,bjk->bik\", x, y)");
    }

    /** Where a letter names two axes, the elements whose indices on both are equal. */
    private Named diagonal(Tensor operand, String names) {
        Named named = new Named(operand, names);
        for (int axis = 0; axis < named.axes().length(); ) {
            char name = named.axes().charAt(axis);
            int other = named.axes().lastIndexOf(name);
            if (other == axis) {
                axis++;
                continue;
            }
            int n = extents.get(name);
            String rest = without(without(named.axes(), other), axis);
            int[] permutation = new int[named.axes().length()];
            int at = 0;
            for (int i = 0; i < permutation.length; i++) {
                if (i != axis && i != other) {
                    permutation[at++] = i;
                }
            }
            permutation[at] = axis;
            permutation[at + 1] = other;
            // Behind each row one element more: then the diagonal is a column.
            Tensor flat = named.tensor().transpose(permutation).reshape(shape(rest, size("", n, n)));
            Tensor column = flat.pad(-1, 0, n, 0)
                    .reshape(shape(rest, n, n + 1))
                    .slice(-1, 0, 1)
                    .reshape(shape(rest, n));
            named = new Named(column, rest + name);
        }
        return named;
    }

    /** The operand summed over what nothing needs any more. */
    private Named reduced(Named operand, String needed) {
        List<Integer> summed = new ArrayList<>();
        StringBuilder kept = new StringBuilder();
        for (int axis = 0; axis < operand.axes().length(); axis++) {
            if (needed.indexOf(operand.axes().charAt(axis)) < 0) {
                summed.add(axis);
            } else {
                kept.append(operand.axes().charAt(axis));
            }
        }
        return summed.isEmpty()
                ? operand
                : new Named(
                        operand.tensor()
                                .sum(summed.stream().mapToInt(Integer::intValue).toArray()),
                        kept.toString());
    }

    private Named product(Named all, Named next, String later) {
        Named left = reduced(all, next.axes() + later);
        Named right = reduced(next, left.axes() + later);
        String batch = letters(left.axes(), right.axes(), later, true, true);
        String rows = letters(left.axes(), right.axes(), later, false, true);
        String inner = letters(left.axes(), right.axes(), later, true, false);
        String columns = letters(right.axes(), left.axes(), later, false, true);
        String axes = batch + rows + columns;
        if (inner.isEmpty()) {
            Tensor one = ordered(left, batch + rows).reshape(shape(batch + rows, ones(columns)));
            Tensor other = ordered(right, batch + columns).reshape(shape(batch, concat(ones(rows), extents(columns))));
            return new Named(one.mul(other), axes);
        }
        int m = size(rows);
        int k = size(inner);
        int n = size(columns);
        int[] matrices = batch.isEmpty() ? new int[0] : new int[] {size(batch)};
        Tensor one = ordered(left, batch + rows + inner).reshape(Shape.of(concat(matrices, m, k)));
        Tensor other = ordered(right, batch + inner + columns).reshape(Shape.of(concat(matrices, k, n)));
        return new Named(one.matmul(other).reshape(shape(axes)), axes);
    }

    /** The letters of one operand that are in another or not, and needed later or not. */
    private static String letters(String of, String other, String later, boolean shared, boolean needed) {
        Set<Character> found = new LinkedHashSet<>();
        for (char axis : of.toCharArray()) {
            if (other.indexOf(axis) >= 0 == shared && later.indexOf(axis) >= 0 == needed) {
                found.add(axis);
            }
        }
        return found.stream().map(String::valueOf).collect(Collectors.joining());
    }

    private static Tensor ordered(Named operand, String order) {
        return operand.tensor()
                .transpose(order.chars().map(operand.axes()::indexOf).toArray());
    }

    private static String without(String names, int position) {
        return names.substring(0, position) + names.substring(position + 1);
    }

    private int[] extents(String axes) {
        return axes.chars().map(axis -> extents.get((char) axis)).toArray();
    }

    private static int[] ones(String axes) {
        return axes.chars().map(_ -> 1).toArray();
    }

    private static int[] concat(int[] first, int... second) {
        int[] all = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private Shape shape(String axes, int... more) {
        return Shape.of(concat(extents(axes), more));
    }

    private int size(String axes, int... more) {
        return shape(axes, more).size();
    }
}
