package org.kolotoc.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.tensor.reference.ReferenceBackend;

class EinsumTest {
    private static final Map<Character, Integer> EXTENTS =
            Map.of('a', 1, 'b', 2, 'h', 3, 'i', 4, 'j', 5, 'k', 3, 'l', 2, 'z', 0);

    /** One loop for each letter. */
    private static double[] loops(List<String> names, String result, List<double[]> operands) {
        List<Character> letters = new TreeSet<>(
                        String.join("", names).chars().mapToObj(c -> (char) c).toList())
                .stream().toList();
        double[] sums = new double[shape(result).size()];
        int[] index = new int[letters.size()];
        long count = 1;
        for (char letter : letters) {
            count *= EXTENTS.get(letter);
        }
        for (long number = 0; number < count; number++) {
            long rest = number;
            Map<Character, Integer> at = new HashMap<>();
            for (int i = 0; i < index.length; i++) {
                int extent = EXTENTS.get(letters.get(i));
                at.put(letters.get(i), (int) (rest % extent));
                rest /= extent;
            }
            double product = 1;
            for (int i = 0; i < names.size(); i++) {
                product *= operands.get(i)[place(names.get(i), at)];
            }
            sums[place(result, at)] += product;
        }
        return sums;
    }

    private static int place(String axes, Map<Character, Integer> at) {
        int place = 0;
        for (char axis : axes.toCharArray()) {
            place = place * EXTENTS.get(axis) + at.get(axis);
        }
        return place;
    }

    private static Shape shape(String axes) {
        return Shape.of(axes.chars().map(axis -> EXTENTS.get((char) axis)).toArray());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ij->ij",
                "ij->ji",
                "ij->j",
                "ij->",
                "->",
                "ii->",
                "ii->i",
                "bii->ib",
                "iji->j",
                "iii->i",
                "iijj->ji",
                "bij->jb",
                "ij,jk->ik",
                "ij,jk->ki",
                "ij,kj->ik",
                "bij,bjk->bik",
                "bij,bjk->kib",
                "bij,jk->bik",
                "bhij,bhkj->bhik",
                "bihj,bkhj->bhik",
                "i,i->",
                "i,j->ij",
                "i,j->ji",
                "i,i->i",
                "ij,ij->",
                "ij,ij->j",
                "ij,k->kji",
                ",ij->ij",
                "ij,jk,kl->il",
                "ij,jk,kl->li",
                "bi,bj,bk->ijk",
                "bi,ij,bj->b",
                "ii,ij->j",
                "ij,b->i",
                "aij,ajk->aik",
                "iz,zj->ij",
                "zi,zi->z",
                " b i j , b j k -> b i k "
            })
    void everySumIsThatOfPlainLoops(String spec) {
        String compact = spec.replace(" ", "");
        String[] sides = compact.split("->", -1);
        List<String> names = List.of(sides[0].split(",", -1));
        Tracer trace = new Tracer();
        Tensor[] feeds = new Tensor[names.size()];
        Map<String, Buffer> buffers = new HashMap<>();
        ReferenceBackend backend = new ReferenceBackend(ReferenceBackend.Precision.DOUBLE);
        for (int i = 0; i < feeds.length; i++) {
            String feed = "x" + i;
            feeds[i] = trace.feed(feed, DType.F32, shape(names.get(i)));
            buffers.put(feed, backend.allocate(DType.F32, feeds[i].shape()));
            CounterRandom random = new CounterRandom(3, feed);
            Arrays.setAll(ReferenceBackend.elements(buffers.get(feed)), random::normal);
        }
        Tensor y = Functions.einsum(spec, feeds);
        assertEquals(shape(sides[1]), y.shape());
        trace.output("y", y);
        buffers.put("y", backend.allocate(DType.F32, y.shape()));
        backend.compile(trace.program()).bind(buffers).run();
        List<double[]> operands = java.util.stream.IntStream.range(0, feeds.length)
                .mapToObj(i -> ReferenceBackend.elements(buffers.get("x" + i)))
                .toList();
        assertArrayEquals(loops(names, sides[1], operands), ReferenceBackend.elements(buffers.get("y")), 1e-12, spec);
    }

    @Test
    void whatTwoOperandsShareIsSummedByAMatrixProduct() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(2, 7, 3, 4));
        Tensor y = trace.feed("y", DType.F32, Shape.of(2, 9, 3, 4));
        trace.output("scores", Functions.einsum("bqhd,bkhd->bhqk", x, y));
        List<Tensor> products = trace.program().nodes().stream()
                .filter(node -> node.op() instanceof Op.MatMul)
                .toList();
        assertEquals(1, products.size());
        assertEquals(Shape.of(6, 7, 9), products.getFirst().shape());
        assertTrue(trace.program().nodes().stream().noneMatch(node -> node.op() instanceof Op.Reduce));
    }

    @Test
    void gradientsFlowToEveryOperand() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(2, 3));
        Tensor y = trace.feed("y", DType.F32, Shape.of(3, 4));
        List<Tensor> gradients = Gradients.of(Functions.einsum("ij,jk->", x, y), List.of(x, y));
        assertEquals(Shape.of(2, 3), gradients.get(0).shape());
        assertEquals(Shape.of(3, 4), gradients.get(1).shape());
        assertTrue(gradients.stream().noneMatch(gradient -> gradient.op() instanceof Op.Constant));
    }

    @Test
    void aSpecThatDoesNotFitIsRefusedByItsLetter() {
        refused("einsum 'ij,jk' of f32 [2, 3], f32 [3, 2]: it takes letters, commas and one '->'", "ij,jk");
        refused("it takes letters, commas and one '->'", "i...,jk->ik");
        refused("it takes letters, commas and one '->'", "ij->jk->ik");
        refused("it names 1 operands, there are 2", "ij->ij");
        refused("'ijk' does not name the axes of [2, 3]", "ijk,jk->ik");
        refused("'i' is 2 and 3", "ij,ik->jk");
        refused("'m' of the result is in no operand", "ij,jk->im");
        refused("'k' is twice in the result", "ij,jk->kk");
        assertThrows(IllegalArgumentException.class, () -> Functions.einsum("->"));
        Tracer trace = new Tracer();
        String message = assertThrows(ShapeError.class, () -> Functions.einsum("i->i", trace.iota(Shape.of(2), 0)))
                .getMessage();
        assertTrue(message.contains("it takes f32"), message);
    }

    private static void refused(String why, String spec) {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(2, 3));
        Tensor y = trace.feed("y", DType.F32, Shape.of(3, 2));
        String message = assertThrows(ShapeError.class, () -> Functions.einsum(spec, x, y))
                .getMessage();
        assertTrue(message.contains(why), message);
        assertTrue(message.contains("like einsum("), message);
    }
}
