package org.kolotoc.nn;

import java.util.List;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Tensor;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997) with forget gates (Gers et al. 2000), as PyTorch has it. Gates:
 * input, forget, cell, output. States: what it gives, and the cell.
 *
 * <pre>{@code
 * c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c')
 * }</pre>
 *
 * @param in width of the input
 * @param hidden width of the states and of the output
 */
public record Lstm(int in, int hidden) implements Recurrent {
    @Override
    public int gates() {
        return 4;
    }

    @Override
    public int states() {
        return 2;
    }

    @Override
    public List<Tensor> next(Tensor input, Tensor recurrent, List<Tensor> states) {
        Tensor taken = open(input, recurrent, 0).mul(sum(input, recurrent, 2).tanh());
        Tensor cell = open(input, recurrent, 1).mul(states.get(1)).add(taken);
        return List.of(open(input, recurrent, 3).mul(cell.tanh()), cell);
    }

    private Tensor open(Tensor input, Tensor recurrent, int gate) {
        return Functions.sigmoid(sum(input, recurrent, gate));
    }

    private Tensor sum(Tensor input, Tensor recurrent, int gate) {
        return gate(input, gate).add(gate(recurrent, gate));
    }
}
