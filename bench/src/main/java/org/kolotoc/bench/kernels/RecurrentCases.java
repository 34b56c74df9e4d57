package org.kolotoc.bench.kernels;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.kolotoc.nn.Gru;
import org.kolotoc.nn.Lstm;
import org.kolotoc.nn.Recurrent;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Recurrent layers over a long sequence, as the loop that they are and with their steps spelled out. */
final class RecurrentCases {
    private static final int BATCH = 32;
    private static final int TIME = 256;
    private static final int WIDTH = 128;

    private RecurrentCases() {}

    static void add(List<KernelCase> all) {
        for (Recurrent layer : List.of(new Gru(WIDTH, WIDTH), new Lstm(WIDTH, WIDTH))) {
            String name = layer.getClass().getSimpleName().toLowerCase(Locale.ROOT) + "-" + TIME;
            String what = "[" + BATCH + ", " + TIME + ", " + WIDTH + "] to " + layer.hidden();
            all.add(new KernelCase(name, what, 1, tracer -> program(tracer, layer, false)));
            all.add(new KernelCase(name + "-gradient", what, 1, tracer -> program(tracer, layer, true)));
            all.add(new KernelCase(
                    name + "-spelled",
                    what,
                    1,
                    tracer -> program(tracer, layer, true).unrollScans()));
        }
    }

    /** With the gradient of everything, from outputs that are wanted. */
    private static Program program(Tracer tracer, Recurrent layer, boolean gradient) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        layer.parameters()
                .forEach(p -> weights.put(
                        p.name(), tracer.feed(p.name(), p.dtype(), p.shape()).mul(0.01)));
        Tensor x = tracer.feed("x", DType.F32, Shape.of(BATCH, TIME, WIDTH));
        Tensor outputs = layer.apply(weights::get, x).outputs();
        tracer.output("value", outputs);
        if (gradient) {
            List<Tensor> leaves = new ArrayList<>(weights.values());
            leaves.add(x);
            Tensor cotangent = tracer.feed("cotangent", DType.F32, outputs.shape());
            List<Tensor> gradients = Gradients.vjp(outputs, cotangent, leaves);
            for (int i = 0; i < gradients.size(); i++) {
                tracer.output("gradient" + i, gradients.get(i));
            }
        }
        return tracer.program();
    }
}
