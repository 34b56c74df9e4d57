package org.kolotoc.phase.finetune;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Signature;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.phase.finetune.FinetuneSettings.Reader;
import org.kolotoc.tensor.Buffer;

/**
 * Batches of questions and answers as a model takes them.
 *
 * @param inputs of the model, fields of the batches
 * @param axes extents of a batch: {@code batch}, {@code time}, that of the targets, and others of the inputs
 * @param heldOut nothing where the data has no such part
 */
record Exchanges(List<Signature.Port> inputs, Map<String, Integer> axes, Batches training, Optional<Batches> heldOut) {
    private static final String TRAIN = "train";
    private static final String HELD_OUT = "validation";

    static Exchanges of(FinetuneSettings settings, PhaseContext context, Model model) {
        return settings.reader() == Reader.DECODER
                ? inARow(settings.batch(), context, model)
                : apart(settings.batch(), context, model);
    }

    /** A question and its answer are one row of tokens. */
    private static Exchanges inARow(int batch, PhaseContext context, Model model) {
        Dataset data = context.data();
        Map<String, Integer> axes = Map.of("batch", batch, "time", time(model, data));
        return new Exchanges(
                Signature.parse("i32 tokens[batch,time] ->").inputs(),
                axes,
                data.batches(TRAIN, axes, context.seed()),
                data.splits().contains(HELD_OUT)
                        ? Optional.of(data.batches(HELD_OUT, axes, context.seed()))
                        : Optional.empty());
    }

    /** A question is what is read, its answer what is written. */
    private static Exchanges apart(int batch, PhaseContext context, Model model) {
        if (!(context.data() instanceof ChatDataset data)) {
            throw InputError.field(
                    "reader",
                    "the data has no questions that an encoder could read; choose data such as \"questions\"");
        }
        int prompt = data.dimensions().get("prompt");
        int answer = data.splits().stream()
                .flatMap(split -> data.exchanges(split).stream())
                .mapToInt(each -> data.tokens().answer(each.answer()).length)
                .max()
                .orElseThrow();
        require("questions", prompt, model.limits().getOr("from", prompt), "read");
        require("answers", answer, model.limits().getOr("time", answer), "write");
        Map<String, Integer> axes = Map.of("batch", batch, "from", prompt, "time", answer);
        List<Signature.Port> fields = new ArrayList<>(Asking.INPUTS);
        fields.addAll(data.fields().stream()
                .filter(field -> !field.name().equals("tokens"))
                .toList());
        Map<String, Batches> parts = new HashMap<>();
        for (String split : List.of(TRAIN, HELD_OUT)) {
            if (data.splits().contains(split)) {
                Asking row = new Asking(data, split, context.seed(), model);
                parts.put(
                        split,
                        split.equals(TRAIN)
                                ? Batches.endless(fields, axes, row.count(), row)
                                : Batches.passes(fields, axes, row.count(), row));
            }
        }
        return new Exchanges(Asking.INPUTS, axes, parts.get(TRAIN), Optional.ofNullable(parts.get(HELD_OUT)));
    }

    private static void require(String what, int longest, int limit, String does) {
        if (longest > limit) {
            throw InputError.of(
                    what + " of the data have up to " + longest + " tokens, and the model can " + does + " " + limit,
                    "give the model a larger context, or \"lengths\" of the data less");
        }
    }

    /** The longest exchange, or what a model looks at where data has no such length. */
    private static int time(Model model, Dataset data) {
        int limit = model.limits().getOr("time", Integer.MAX_VALUE);
        int longest = data.dimensions().getOr("time", limit);
        if (longest > limit) {
            throw InputError.of(
                    "exchanges of the data have up to " + longest + " tokens, and the model can look at " + limit,
                    "give the model a larger context, or \"lengths\" of the data less");
        }
        if (longest == Integer.MAX_VALUE) {
            throw InputError.of(
                    "neither the model nor the data says how many tokens a row has",
                    data instanceof ChatDataset ? "" : "choose data of questions, such as \"questions\"");
        }
        return longest;
    }

    /** What the batches fill of a program. */
    Map<String, Buffer> feeds(BoundProgram program) {
        Map<String, Buffer> feeds = new HashMap<>(program.buffers("targets", "weights"));
        inputs.forEach(port -> feeds.put(port.name(), program.buffer(port.name())));
        return feeds;
    }

    int batch() {
        return axes.get("batch");
    }

    int time() {
        return axes.get("time");
    }
}
