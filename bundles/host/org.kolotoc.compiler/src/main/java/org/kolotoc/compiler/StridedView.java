package org.kolotoc.compiler;

import java.util.Arrays;
import java.util.List;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;

/**
 * Elements of a value inside the buffer of another: element {@code [i, j, ...]} at
 * {@code offset + i * strides[0] + j * strides[1] + ...}.
 *
 * @param owner the value whose dense buffer it is
 */
record StridedView(Value owner, int offset, int[] strides) {

    static StridedView dense(Value owner) {
        return new StridedView(owner, 0, owner.shape.strides());
    }

    /** The elements of a movement whose operand lies here, or null when no strides describe them. */
    StridedView through(Value movement) {
        Shape from = movement.operand(0).shape;
        return switch (movement.op) {
            case Op.Reshape reshape -> reshaped(from, reshape.shape());
            case Op.Transpose transpose -> permuted(transpose.permutation());
            case Op.Broadcast broadcast -> repeated(from, broadcast.shape());
            case Op.Slice slice -> moved(slice);
            default -> throw new IllegalStateException(movement + " moves nothing");
        };
    }

    /** Where the operand of a movement has to lie so that the movement lies here, or null when there is no such place. */
    StridedView before(Value movement) {
        return switch (movement.op) {
            case Op.Reshape _ -> reshaped(movement.shape, movement.operand(0).shape);
            case Op.Transpose transpose -> {
                int[] inverse = new int[strides.length];
                for (int i = 0; i < strides.length; i++) {
                    inverse[transpose.permutation().get(i)] = strides[i];
                }
                yield new StridedView(owner, offset, inverse);
            }
            default -> null;
        };
    }

    /** From a start on each axis; a box without elements lies nowhere, so its start may be beyond the buffer. */
    private StridedView moved(Op.Slice slice) {
        int moved = offset;
        for (int i = 0; i < strides.length; i++) {
            if (slice.starts().get(i).equals(slice.limits().get(i))) {
                return this;
            }
            moved = Math.addExact(moved, Math.multiplyExact(slice.starts().get(i), strides[i]));
        }
        return new StridedView(owner, moved, strides);
    }

    boolean isDense(Shape shape) {
        int[] dense = shape.strides();
        for (int i = 0; i < strides.length; i++) {
            if (shape.extent(i) > 1 && strides[i] != dense[i]) {
                return false;
            }
        }
        return offset == 0 && owner.size() == shape.size();
    }

    /** Whether all but the outermost axis is dense, and what it counts lies apart. */
    boolean hasImages(Shape shape) {
        int[] dense = shape.strides();
        for (int i = 1; i < strides.length; i++) {
            if (shape.extent(i) > 1 && strides[i] != dense[i]) {
                return false;
            }
        }
        return shape.extent(0) <= 1 || strides[0] >= dense[0];
    }

    private StridedView permuted(List<Integer> permutation) {
        int[] permuted = new int[strides.length];
        for (int i = 0; i < strides.length; i++) {
            permuted[i] = strides[permutation.get(i)];
        }
        return new StridedView(owner, offset, permuted);
    }

    private StridedView repeated(Shape from, Shape to) {
        int[] repeated = strides.clone();
        for (int i = 0; i < repeated.length; i++) {
            if (from.extent(i) != to.extent(i)) {
                repeated[i] = 0;
            }
        }
        return new StridedView(owner, offset, repeated);
    }

    /** Groups axes of equal products, from the inside out; within a group the old axes must be one dense run. */
    private StridedView reshaped(Shape from, Shape to) {
        int[] result = new int[to.rank()];
        if (to.size() == 0) {
            return new StridedView(owner, offset, result);
        }
        int old = from.rank() - 1;
        int made = to.rank() - 1;
        while (made >= 0) {
            if (to.extent(made) == 1) {
                result[made--] = 0;
                continue;
            }
            while (old >= 0 && from.extent(old) == 1) {
                old--;
            }
            if (old < 0) {
                return null;
            }
            int stride = strides[old];
            long have = from.extent(old);
            long want = to.extent(made);
            result[made--] = stride;
            while (have != want) {
                if (have < want) {
                    int outer = old - 1;
                    while (outer >= 0 && from.extent(outer) == 1) {
                        outer--;
                    }
                    if (outer < 0 || strides[outer] != strides[old] * from.extent(old)) {
                        return null;
                    }
                    old = outer;
                    have *= from.extent(old);
                } else {
                    if (made < 0) {
                        return null;
                    }
                    result[made] = Math.toIntExact(stride * want);
                    want *= to.extent(made--);
                }
            }
            old--;
        }
        return new StridedView(owner, offset, result);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StridedView that
                && owner == that.owner
                && offset == that.offset
                && Arrays.equals(strides, that.strides);
    }

    @Override
    public int hashCode() {
        return 31 * offset + Arrays.hashCode(strides);
    }
}
