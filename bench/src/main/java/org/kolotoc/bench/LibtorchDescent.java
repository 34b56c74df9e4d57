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
import org.kolotoc.nn.AdamW;

/** How libtorch moves weights: clipped by the norm of all gradients, by the fused AdamW, gradients dropped instead of zeroed. */
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

        void update(OperatorHandle operator, AdamW adamw, double rate, List<Tensor> gradients) {
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
                    new IValue(rate),
                    new IValue(adamw.beta1()),
                    new IValue(adamw.beta2()),
                    new IValue(decay),
                    new IValue(adamw.epsilon()),
                    new IValue(false),
                    new IValue(false),
                    new IValue(),
                    new IValue());
            operator.callBoxed(stack);
        }

        /** A list of tensors is a list of anything in memory; only the operator looks at the type of its elements. */
        private static IValue list(List<Tensor> tensors) {
            TensorList list = new TensorList(new TensorVector(tensors.toArray(Tensor[]::new)));
            return new IValue(new GenericList(list));
        }
    }

    private final AdamW adamw;
    private final double rate;
    private final double clip;
    private final List<Group> groups = new ArrayList<>();
    private final OperatorHandle operator;

    /**
     * Ready for a first step.
     *
     * @param clip longest gradient; 0 for any
     * @param decayed weights that decay
     * @param spared weights that don't
     */
    LibtorchDescent(AdamW adamw, double rate, double clip, List<Tensor> decayed, List<Tensor> spared) {
        this.adamw = adamw;
        this.rate = rate;
        this.clip = clip;
        groups.add(new Group(adamw.weightDecay(), decayed));
        if (!spared.isEmpty()) {
            groups.add(new Group(0, spared));
        }
        operator = Dispatcher.singleton().findSchemaOrThrow("aten::_fused_adamw_", "");
    }

    /** Backward, and a step. */
    void step(Tensor loss) {
        loss.backward();
        try (AutoGradMode _ = new AutoGradMode(false)) {
            update();
        }
    }

    /** Moves the weights, without waiting for a number. */
    private void update() {
        List<List<Tensor>> gradients = groups.stream()
                .map(group -> group.parameters.stream().map(Tensor::grad).toList())
                .toList();
        if (clip > 0) {
            clip(gradients.stream().flatMap(List::stream).toList());
        }
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).update(operator, adamw, rate, gradients.get(i));
            groups.get(i)
                    .parameters
                    .forEach(parameter -> parameter.mutable_grad().reset());
        }
    }

    /** By the norm of all of them. */
    private void clip(List<Tensor> gradients) {
        TensorVector norms = new TensorVector(gradients.size());
        for (int i = 0; i < gradients.size(); i++) {
            norms.put(i, torch.linalg_vector_norm(gradients.get(i)));
        }
        Tensor norm = torch.linalg_vector_norm(torch.stack(norms));
        Tensor scale = norm.add(new Scalar(1e-6f)).reciprocal_().mul_(new Scalar((float) clip));
        scale.clamp_(new ScalarOptional(), new ScalarOptional(new Scalar(1f)));
        gradients.forEach(gradient -> gradient.mul_(scale));
    }
}
