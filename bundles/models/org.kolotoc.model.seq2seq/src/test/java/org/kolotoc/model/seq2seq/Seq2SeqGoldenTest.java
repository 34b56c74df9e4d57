package org.kolotoc.model.seq2seq;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Pass;
import org.kolotoc.nn.Losses;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tck.GoldenModel;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** The numbers of other implementations of T5 and BART, from their own configurations and weights. */
class Seq2SeqGoldenTest {
    private static final int NO_LABEL = -100;

    /** The backend whose numbers are compared. */
    Backend backend() {
        return new ReferenceBackend();
    }

    @Test
    void t5() {
        GoldenFile golden = GoldenFile.of("tiny_t5");
        JsonObject json = golden.json();
        JsonArray labels = json.getAsJsonArray("labels");
        int[] all = GoldenFile.integers(labels);
        int to = labels.get(0).getAsJsonArray().size();
        int[] target = new int[all.length];
        for (int i = 0; i < all.length; i++) {
            // The first token that is given is the pad token, 0.
            target[i] = i % to == 0 ? 0 : all[i - 1];
        }
        compare(golden, "tiny_t5", target);
    }

    @Test
    void bart() {
        GoldenFile golden = GoldenFile.of("tiny_bart");
        compare(golden, "tiny_bart", GoldenFile.integers(golden.json().get("decoder_input_ids")));
    }

    private void compare(GoldenFile golden, String folder, int[] target) {
        JsonObject json = golden.json();
        GoldenModel model = GoldenModel.of(new Seq2SeqFamily(), folder);
        Seq2Seq seq2seq = (Seq2Seq) model.model();
        Tracer tracer = new Tracer();
        Shape from = shape(json.get("input_ids"));
        Shape to = shape(json.get("labels"));
        Map<String, Tensor> inputs = Map.of(
                "source", tracer.feed("source", DType.I32, from),
                "present", tracer.feed("present", DType.BOOL, from),
                "target", tracer.feed("target", DType.I32, to));
        Map<String, Tensor> outputs = seq2seq.forward(model.weights(tracer), inputs, Pass.inference());
        outputs.forEach(tracer::output);
        List<Tensor> stream = seq2seq.stream(model.weights(tracer), inputs);
        for (int i = 0; i < stream.size(); i++) {
            tracer.output("stream" + i, stream.get(i));
        }
        Tensor labels = tracer.feed("labels", DType.I32, to);
        Tensor loss = Losses.crossEntropy(
                outputs.get("logits"),
                labels,
                labels.ne(tracer.constant(NO_LABEL, DType.I32).broadcast(to)));
        boolean gradients = json.has("gradients");
        if (gradients) {
            model.outputGradients(tracer, loss);
        } else {
            tracer.output("loss", loss);
        }
        try (Bench bench = new Bench(backend(), Map.of("model", seq2seq), null, 0);
                BoundProgram program = bench.prepare("golden", tracer.program())) {
            model.load(bench);
            program.buffer("source").write(GoldenFile.integers(json.get("input_ids")));
            program.buffer("present").write(GoldenFile.integers(json.get("attention_mask")));
            program.buffer("target").write(target);
            program.buffer("labels").write(GoldenFile.integers(json.get("labels")));
            program.run();
            golden.assertClose("memory", json.get("encoder_last_hidden_state"), GoldenModel.read(program, "memory"));
            golden.assertClose("logits", json.get("logits"), GoldenModel.read(program, "logits"));
            golden.assertClose("loss", json.get("loss"), program.scalar("loss"));
            if (json.has("decoder_hidden_states")) {
                JsonArray hidden = json.getAsJsonArray("decoder_hidden_states");
                for (int i = 0; i < hidden.size(); i++) {
                    golden.assertClose("stream" + i, hidden.get(i), GoldenModel.read(program, "stream" + i));
                }
            }
            if (gradients) {
                model.compareGradients(golden, program);
            }
        }
    }

    private static Shape shape(JsonElement rows) {
        JsonArray array = rows.getAsJsonArray();
        return Shape.of(array.size(), array.get(0).getAsJsonArray().size());
    }
}
