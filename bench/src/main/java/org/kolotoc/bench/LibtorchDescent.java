package org.kolotoc.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorList;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** How libtorch moves a model: clipped by the norm of all gradients, by the fused AdamW, gradients dropped instead of zeroed. */
final class LibtorchDescent {
    /** Parameters with one weight decay, and what the fused operator wants of them as ready-made arguments. */
    private static final class Group {
        final double decay;
        final List<Tensor> parameters;
        private final List<Tensor> steps = new ArrayList<>();
        private final IValue self;
        private final IValue first;
        private final IValue second;
        private final IValue counts;

        Group(double decay, List<Tensor> parameters) {
            this.decay = decay;
            this.parameters = parameters;
            List<Tensor> means = new ArrayList<>();
            List<Tensor> squares = new ArrayList<>();
            for (Tensor parameter : parameters) {
                parameter.requires_grad_(true);
                means.add(torch.zeros_like(parameter));
                squares.add(torch.zeros_like(parameter));
                steps.add(torch.zeros(1).select(0, 0));
            }
            self = list(parameters);
            first = list(means);
            second = list(squares);
            counts = list(steps);
        }

        void update(OperatorHandle adamw, List<Tensor> gradients) {
            Scalar one = new Scalar(1f);
            steps.forEach(count -> count.add_(one));
            IValueVector stack = new IValueVector();
            stack.put(
                    self,
                    list(gradients),
                    first,
                    second,
                    list(List.of()),
                    counts,
                    new IValue(GptConfig.LEARNING_RATE),
                    new IValue(GptConfig.BETA1),
                    new IValue(GptConfig.BETA2),
                    new IValue(decay),
                    new IValue(GptConfig.EPSILON),
                    new IValue(false),
                    new IValue(false),
                    new IValue(),
                    new IValue());
            adamw.callBoxed(stack);
        }

        /** A list of tensors is a list of anything in memory; only the operator looks at the type of its elements. */
        private static IValue list(List<Tensor> tensors) {
            TensorList list = new TensorList(new TensorVector(tensors.toArray(Tensor[]::new)));
            return new IValue(new GenericList(list));
        }
    }

    private final Group decayed;
    private final Group spared;
    private final OperatorHandle adamw;

    LibtorchDescent(LibtorchModel model) {
        decayed = new Group(GptConfig.WEIGHT_DECAY, model.matrices);
        spared = new Group(0, model.vectors);
        adamw = Dispatcher.singleton().findSchemaOrThrow("aten::_fused_adamw_", "");
    }

    /** Backward, and a step. */
    void step(Tensor loss) {
        loss.backward();
        try (AutoGradMode _ = new AutoGradMode(false)) {
            update();
        }
    }

    /** Clips by the norm of all gradients and moves the weights, without waiting for a number. */
    private void update() {
        List<Tensor> decayedGradients = gradients(decayed);
        List<Tensor> sparedGradients = gradients(spared);
        List<Tensor> all = new ArrayList<>(decayedGradients);
        all.addAll(sparedGradients);
        TensorVector norms = new TensorVector(all.size());
        for (int i = 0; i < all.size(); i++) {
            norms.put(i, torch.linalg_vector_norm(all.get(i)));
        }
        Tensor norm = torch.linalg_vector_norm(torch.stack(norms));
        Tensor scale = norm.add(new Scalar(1e-6f)).reciprocal_().mul_(new Scalar((float) GptConfig.CLIP));
        scale.clamp_(new ScalarOptional(), new ScalarOptional(new Scalar(1f)));
        all.forEach(gradient -> gradient.mul_(scale));
        decayed.update(adamw, decayedGradients);
        spared.update(adamw, sparedGradients);
        for (Group group : List.of(decayed, spared)) {
            group.parameters.forEach(parameter -> parameter.mutable_grad().reset());
        }
    }

    private static List<Tensor> gradients(Group group) {
        return group.parameters.stream().map(Tensor::grad).toList();
    }
}
