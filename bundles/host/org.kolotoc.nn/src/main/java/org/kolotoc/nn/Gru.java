package org.kolotoc.nn;

import java.util.List;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Tensor;

/**
 * Gated recurrent unit (Cho et al., arXiv:1406.1078), with the reset gate behind the product, as cuDNN and PyTorch have it.
 * Gates: reset, update, new.
 *
 * <pre>{@code
 * r = sigmoid(x W_r + h U_r), z = sigmoid(x W_z + h U_z), n = tanh(x W_n + r (h U_n)), h' = (1 - z) n + z h
 * }</pre>
 *
 * @param in width of the input
 * @param hidden width of the state and of the output
 */
public record Gru(int in, int hidden) implements Recurrent {
    @Override
    public int gates() {
        return 3;
    }

    @Override
    public int states() {
        return 1;
    }

    @Override
    public List<Tensor> next(Tensor input, Tensor recurrent, List<Tensor> states) {
        Tensor h = states.getFirst();
        Tensor reset = Functions.sigmoid(gate(input, 0).add(gate(recurrent, 0)));
        Tensor update = Functions.sigmoid(gate(input, 1).add(gate(recurrent, 1)));
        Tensor made = gate(input, 2).add(reset.mul(gate(recurrent, 2))).tanh();
        return List.of(made.add(update.mul(h.sub(made))));
    }
}
