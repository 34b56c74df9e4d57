package org.kolotoc.phase.finetune;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.kolotoc.api.Batches;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Signature;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * Questions as texts, their answers as classes: the number of an answer among all different ones, sorted. A decoder has the
 * class at {@code extract}, the last token of the prompt, an encoder that of all tokens {@code present}, which is the prompt too;
 * {@code weights} are 1 where a token of the text follows.
 */
final class Labelled implements Batches.Row {
    static final List<Signature.Port> FIELDS = Signature.parse("-> i32 tokens[batch,time]; i32 targets[batch,time];"
                    + " f32 weights[batch,time]; i32 label[batch]; i32 extract[batch]; bool present[batch,time];"
                    + " f32 counted[batch]")
            .outputs();

    private final Batches rows;
    private final Map<List<Integer>, Integer> labels = new HashMap<>();
    private final Map<String, Buffer> feeds = new HashMap<>();
    private final int[] tokens;
    private final int[] targets;
    private final float[] weights;

    private Labelled(ChatDataset data, String split, long seed, List<String> answers) {
        int time = data.dimensions().get("time");
        this.rows = data.batches(split, Map.of("batch", 1, "time", time), seed);
        this.tokens = new int[time];
        this.targets = new int[time];
        this.weights = new float[time];
        for (String answer : answers) {
            labels.put(list(data.tokens().answer(answer)), labels.size());
        }
        ReferenceBackend memory = new ReferenceBackend();
        data.fields().forEach(field -> feeds.put(field.name(), memory.allocate(field.dtype(), Shape.of(1, time))));
    }

    /** @throws InputError when a held-out answer is none of those for training */
    static Batches of(ChatDataset data, String split, Map<String, Integer> axes, long seed) {
        Labelled row = new Labelled(data, split, seed, answers(data));
        for (Exchange exchange : data.exchanges(split)) {
            row.label(data.tokens().answer(exchange.answer()));
        }
        return split.equals("train")
                ? Batches.endless(FIELDS, axes, row.rows.count(), row)
                : Batches.passes(FIELDS, axes, row.rows.count(), row);
    }

    /** The classes, in their order. */
    static List<String> answers(ChatDataset data) {
        return data.exchanges("train").stream()
                .map(Exchange::answer)
                .distinct()
                .sorted()
                .toList();
    }

    /** Share of the held-out texts that are of the class which most are of in training. */
    static double majority(ChatDataset data) {
        Map<String, Long> counts = data.exchanges("train").stream()
                .collect(Collectors.groupingBy(Exchange::answer, TreeMap::new, Collectors.counting()));
        String most = counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        List<Exchange> heldOut = data.exchanges("validation");
        return heldOut.stream().filter(each -> each.answer().equals(most)).count() / (double) heldOut.size();
    }

    @Override
    public void write(long number, Batches.Fields out) {
        rows.fill(number, feeds);
        feeds.get("tokens").read(tokens);
        feeds.get("targets").read(targets);
        feeds.get("weights").read(weights);
        int extract = 0;
        while (extract + 1 < weights.length && weights[extract] == 0) {
            extract++;
        }
        int end = weights.length;
        while (end > extract && weights[end - 1] == 0) {
            end--;
        }
        int label = label(Arrays.copyOfRange(targets, extract, end));
        System.arraycopy(tokens, 0, out.ints("tokens"), 0, extract + 1);
        System.arraycopy(tokens, 1, out.ints("targets"), 0, extract);
        Arrays.fill(out.floats("weights"), 0, extract, 1);
        Arrays.fill(out.ints("present"), 0, extract + 1, 1);
        out.ints("label")[0] = label;
        out.ints("extract")[0] = extract;
        out.floats("counted")[0] = 1;
    }

    private int label(int[] answer) {
        Integer label = labels.get(list(answer));
        if (label == null) {
            throw InputError.of(
                    "a held-out answer is none of the " + labels.size()
                            + " answers for training, which are the classes",
                    "choose data in which few different answers recur");
        }
        return label;
    }

    private static List<Integer> list(int[] tokens) {
        return Arrays.stream(tokens).boxed().toList();
    }
}
