package org.kolotoc.phase.adversarial;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Model;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Signature;
import org.kolotoc.nn.Descent;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * One of both sides.
 *
 * @param role its name in this phase
 * @param descent how it learns; its parameters have the role before their names, since both sides are remembered in one place
 */
record Side(String role, Model model, Descent descent) {
    private static final String LABEL = "label";

    static Side of(String role, Optimizer optimizer, PhaseContext context, double clip) {
        Model model = context.model(role);
        List<Parameter> parameters =
                model.parameters().stream().map(parameter -> parameter.in(role)).toList();
        return new Side(role, model, new Descent(optimizer, parameters, context.name(), clip));
    }

    /** Whether it is told classes. */
    boolean labelled() {
        return model.signature().inputs().stream().map(Signature.Port::name).anyMatch(LABEL::equals);
    }

    /** @param label null where nobody is told classes */
    Map<String, Tensor> inputs(String name, Tensor input, Tensor label) {
        return labelled() ? Map.of(name, input, LABEL, label) : Map.of(name, input);
    }

    Weights weights(Tracer tracer) {
        return model.weights(tracer, role);
    }

    List<Tensor> leaves(Weights weights) {
        return weights.all(model.parameters());
    }

    /** @param gradients in the order of the parameters */
    void learn(Tracer tracer, Weights weights, List<Tensor> gradients) {
        descent.trace(tracer, name -> weights.get(name.substring(role.length() + 1)), gradients);
    }
}
