package org.kolotoc.phase.pretrain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.phase.pretrain.objective.Corruption;
import org.kolotoc.phase.pretrain.objective.Objective;

/**
 * What is predicted, and of what.
 *
 * @param inputs of the model, fields of the batches
 * @param axes extents of a batch: {@code batch}, {@code time}, that of the targets, and others of the inputs
 * @param weighted whether targets for training have weights; else each counts
 * @param fields that held-out batches have
 * @param heldOut nothing where the data has no such part
 * @param shown held-out rows shown in other ways, by what the accuracy there is put as
 * @param accuracy whether that is measured
 */
record Examples(
        List<Signature.Port> inputs,
        Map<String, Integer> axes,
        boolean weighted,
        List<String> fields,
        Batches training,
        Optional<Batches> heldOut,
        Map<String, Batches> shown,
        boolean accuracy) {
    static final String TOKENS = "tokens";
    static final String TARGETS = "targets";
    static final String WEIGHTS = "weights";
    static final String POSITIONS = "positions";
    private static final String TRAIN = "train";
    private static final String VALIDATION = "validation";

    /**
     * Every token predicts the next. Where data says where in its document a token stands, and the model takes that, no token
     * sees another document. Text has no weights in training that are not 1.
     */
    static Examples next(PhaseContext context, Model model, int batch, int time) {
        Dataset data = context.data();
        Map<String, Integer> axes = Map.of("batch", batch, "time", time);
        List<String> fields = data.fields().stream().map(Signature.Port::name).toList();
        List<Signature.Port> inputs = model.signature().inputs().stream()
                .filter(port ->
                        port.name().equals(TOKENS) || port.name().equals(POSITIONS) && fields.contains(POSITIONS))
                .toList();
        return new Examples(
                inputs,
                axes,
                fields.contains(WEIGHTS) && !(data instanceof TextDataset),
                fields,
                data.batches(TRAIN, axes, context.seed()),
                data.splits().contains(VALIDATION)
                        ? Optional.of(data.batches(VALIDATION, axes, context.seed()))
                        : Optional.empty(),
                Map.of(),
                false);
    }

    /** Texts of so many tokens that an objective hides something of. */
    static Examples of(Objective objective, PhaseContext context, Model model, int batch, int time) {
        Dataset data = context.data();
        Corruption corruption = objective.corruption(model, context.tokenizer(), time);
        Map<String, Integer> axes = new HashMap<>(corruption.extents());
        axes.put("batch", batch);
        boolean measured = data.splits().contains(VALIDATION);
        Map<String, Batches> shown = new LinkedHashMap<>();
        if (measured) {
            objective
                    .shown(corruption)
                    .forEach((name, other) ->
                            shown.put(name, Corrupted.of(other, data, VALIDATION, batch, time, context.seed())));
        }
        List<Signature.Port> fields = new ArrayList<>(corruption.inputs());
        fields.addAll(Corrupted.ANSWERS);
        return new Examples(
                corruption.inputs(),
                axes,
                true,
                fields.stream().map(Signature.Port::name).toList(),
                Corrupted.of(corruption, data, TRAIN, batch, time, context.seed()),
                measured
                        ? Optional.of(Corrupted.of(corruption, data, VALIDATION, batch, time, context.seed()))
                        : Optional.empty(),
                shown,
                true);
    }

    int batch() {
        return axes.get("batch");
    }

    int time() {
        return axes.get("time");
    }
}
