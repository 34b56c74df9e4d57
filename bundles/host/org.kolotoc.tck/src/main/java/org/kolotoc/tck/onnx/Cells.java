package org.kolotoc.tck.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** Recurrent cells in one direction, unrolled. Gates lie one after the other: {@code [1, gates * hidden, in]}. */
final class Cells {
    static final Map<String, Operator> ROWS =
            Map.of("RNN", Cells::simple, "GRU", Cells::gated, "LSTM", Cells::longShort);

    private Cells() {}

    /** One step: from {@code [batch, in]} and {@code [batch, hidden]} to the next {@code [batch, hidden]}. */
    @FunctionalInterface
    private interface Step {
        Tensor next(Tensor x, Tensor h);
    }

    /** What the three operators share. */
    private record Parts(
            Tensor x, Tensor weights, Tensor recurrent, Tensor bias, Tensor h, int hidden, boolean batchFirst) {
        static Parts of(Call c, int gates) throws NotCovered {
            if (!c.text("direction", "forward").equals("forward")) {
                throw new NotCovered("another direction than forward");
            }
            boolean batchFirst = c.flag("layout");
            Tensor x = batchFirst ? c.x(0).transpose(1, 0, 2) : c.x(0);
            int time = x.shape().extent(0);
            int batch = x.shape().extent(1);
            if (c.has(4) && Arrays.stream(c.numbers(4)).anyMatch(length -> length != time)) {
                throw new NotCovered("sequences of different lengths");
            }
            int in = x.shape().extent(2);
            int hidden = c.integer("hidden_size", 1);
            int width = gates * hidden;
            Tensor zero = x.constant(0);
            return new Parts(
                    x,
                    c.x(1).reshape(width, in),
                    c.x(2).reshape(width, hidden),
                    c.has(3) ? c.x(3).reshape(2, width) : zero.broadcast(Shape.of(2, width)),
                    c.has(5)
                            ? start(c.x(5), batchFirst).reshape(batch, hidden)
                            : zero.broadcast(Shape.of(batch, hidden)),
                    hidden,
                    batchFirst);
        }

        private static Tensor start(Tensor given, boolean batchFirst) {
            return batchFirst ? given.transpose(1, 0, 2) : given;
        }

        /** What comes in, {@code [batch, hidden]}, for a gate. */
        Tensor input(Tensor step, int gate) {
            return product(step, weights, 0, gate);
        }

        Tensor state(Tensor h, int gate) {
            return product(h, recurrent, 1, gate);
        }

        private Tensor product(Tensor x, Tensor matrix, int row, int gate) {
            int from = gate * hidden;
            return x.matmul(matrix.slice(0, from, from + hidden).matrixTranspose())
                    .add(bias.slice(0, row, row + 1).slice(1, from, from + hidden));
        }

        /** All states {@code [time, 1, batch, hidden]} and the last one {@code [1, batch, hidden]}. */
        List<Tensor> run(Step step) {
            int time = x.shape().extent(0);
            int batch = x.shape().extent(1);
            Tensor state = h;
            List<Tensor> states = new ArrayList<>();
            for (int t = 0; t < time; t++) {
                state = step.next(x.slice(0, t, t + 1).reshape(batch, x.shape().extent(2)), state);
                states.add(state.reshape(1, 1, batch, hidden));
            }
            Tensor all = Tensor.concat(0, states);
            Tensor last = state.reshape(1, batch, hidden);
            return batchFirst ? List.of(all.transpose(2, 0, 1, 3), last.transpose(1, 0, 2)) : List.of(all, last);
        }
    }

    private static List<Tensor> simple(Call c) throws NotCovered {
        Parts parts = Parts.of(c, 1);
        return parts.run((x, h) -> parts.input(x, 0).add(parts.state(h, 0)).tanh());
    }

    /** Gates: update, reset, hidden. */
    private static List<Tensor> gated(Call c) throws NotCovered {
        Parts parts = Parts.of(c, 3);
        boolean resetAfter = c.flag("linear_before_reset");
        return parts.run((x, h) -> {
            Tensor update = Functions.sigmoid(parts.input(x, 0).add(parts.state(h, 0)));
            Tensor reset = Functions.sigmoid(parts.input(x, 1).add(parts.state(h, 1)));
            Tensor remembered = resetAfter ? reset.mul(parts.state(h, 2)) : parts.state(reset.mul(h), 2);
            Tensor candidate = parts.input(x, 2).add(remembered).tanh();
            return update.mul(h.sub(candidate)).add(candidate);
        });
    }

    /** Gates: input, output, forget, cell; peepholes {@code [1, 3 * hidden]} of input, output, forget. */
    private static List<Tensor> longShort(Call c) throws NotCovered {
        Parts parts = Parts.of(c, 4);
        int hidden = parts.hidden();
        Tensor none = parts.x().constant(0);
        Tensor peepholes = c.has(7) ? c.x(7) : none.broadcast(Shape.of(1, 3 * hidden));
        Tensor[] cell = {
            c.has(6)
                    ? Parts.start(c.x(6), parts.batchFirst()).reshape(parts.h().shape())
                    : none.broadcast(parts.h().shape())
        };
        List<Tensor> states = new ArrayList<>(parts.run((x, h) -> {
            Tensor input = Functions.sigmoid(gate(parts, x, h, 0).add(cell[0].mul(peephole(peepholes, 0, hidden))));
            Tensor forget = Functions.sigmoid(gate(parts, x, h, 2).add(cell[0].mul(peephole(peepholes, 2, hidden))));
            cell[0] = forget.mul(cell[0]).add(input.mul(gate(parts, x, h, 3).tanh()));
            Tensor output = Functions.sigmoid(gate(parts, x, h, 1).add(cell[0].mul(peephole(peepholes, 1, hidden))));
            return output.mul(cell[0].tanh());
        }));
        Tensor last = cell[0].reshape(1, cell[0].shape().extent(0), hidden);
        states.add(parts.batchFirst() ? last.transpose(1, 0, 2) : last);
        return states;
    }

    private static Tensor gate(Parts parts, Tensor x, Tensor h, int gate) {
        return parts.input(x, gate).add(parts.state(h, gate));
    }

    private static Tensor peephole(Tensor peepholes, int gate, int hidden) {
        return peepholes.slice(1, gate * hidden, (gate + 1) * hidden);
    }
}
