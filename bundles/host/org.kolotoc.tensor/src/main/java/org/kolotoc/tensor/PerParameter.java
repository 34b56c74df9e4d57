package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.List;

/** An optimiser that treats every parameter by the same rule. */
record PerParameter(List<String> memory, Optimizer.Rule rule) implements Optimizer {
    @Override
    public List<Parameter> state(List<Parameter> parameters) {
        return parameters.stream()
                .flatMap(p -> memory.stream()
                        .map(name -> new Parameter(p.name(), p.dtype(), p.shape(), Initializer.ZEROS).in(name)))
                .toList();
    }

    @Override
    public void update(
            List<Parameter> parameters,
            Weights weights,
            Weights state,
            List<Tensor> gradients,
            Tensor learningRate,
            Tensor step) {
        Tracer tracer = learningRate.tracer();
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i).name();
            List<Tensor> old = new ArrayList<>(List.of(weights.get(name)));
            memory.forEach(kept -> old.add(state.in(kept).get(name)));
            List<Tensor> next =
                    rule.next(old.getFirst(), old.subList(1, old.size()), gradients.get(i), learningRate, step);
            if (next.size() != old.size()) {
                throw new IllegalArgumentException("a rule gives " + next.size() + " tensors for '" + name
                        + "'; expected the new weight and " + memory);
            }
            for (int j = 0; j < old.size(); j++) {
                tracer.update(old.get(j), next.get(j));
            }
        }
    }
}
