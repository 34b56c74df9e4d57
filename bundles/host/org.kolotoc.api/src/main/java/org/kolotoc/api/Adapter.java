package org.kolotoc.api;

import java.util.List;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Weights;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Few parameters that are trained in the place of a model's for the time of a phase. The model's own weights stay as they are,
 * and what it computes with is made of them and of these parameters: {@code W + A B} for low-rank adaptation.
 *
 * <p>A phase is given a model like any other, whose parameters are the adapter's, see {@link #around}; everybody else sees the
 * plain model under its own name, with weights that follow: the engine writes what {@link #adapt} makes of them after every
 * step. When the phase ends, the model stays as it is then and the adapter is gone; nothing has to be merged later.
 *
 * <p>So a checkpoint within the phase {@code finetune} holds, of a model {@code policy}:
 *
 * <ul>
 *   <li>{@code policy/...}, the model as it was after that step, adapted: it can be sampled, or another run can begin with it,
 *       without the adapter;
 *   <li>{@code finetune.base/...}, those of its weights that are adapted, as they were when the phase began;
 *   <li>{@code finetune.adapter/...}, the adapter's own parameters;
 *   <li>{@code finetune/...}, what the phase keeps: an optimiser's memory of the adapter's parameters, and of no others.
 * </ul>
 *
 * The last three are what the phase goes on from. They are in no checkpoint of a later phase.
 */
@ConsumerType
public interface Adapter {
    /**
     * The same adapter for a model: what its settings leave open is as the model says, see {@link Model#adaptable}. Whoever
     * adapts that model asks the one that this gives.
     */
    default Adapter of(Model model) {
        return this;
    }

    /**
     * What is trained in the place of a model's parameters, in an order that stays, under names that the model has not. As
     * they begin, the model computes what it does without them, bit for bit.
     *
     * @param model the model's parameters
     * @throws InputError naming the field, when it can't adapt any of them as its settings say
     */
    List<Parameter> parameters(List<Parameter> model);

    /**
     * Traces the weights that the model computes with: a function of the leaves alone, which changes no state.
     *
     * @param model the model's parameters
     * @param weights leaves of these and of its own
     * @return by the names of the model's parameters, of their types and shapes; the leaf itself of what is not adapted
     */
    Weights adapt(List<Parameter> model, Weights weights);

    /**
     * A model that computes with adapted weights. Its parameters are those of the adapter; the model's own are among its
     * {@link Model#statistics}, which nobody trains. It goes on token by token where the model does.
     *
     * @throws InputError where the adapter can't adapt it
     */
    default Model around(Model model) {
        return AdaptedModel.of(model, of(model));
    }
}
