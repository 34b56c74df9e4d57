package org.kolotoc.model.bert;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Pass;
import org.kolotoc.nn.Dropout;
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

/** The numbers of other implementations of BERT and RoBERTa, from their own configurations and weights. */
class BertGoldenTest {
    private static final int NO_LABEL = -100;

    /** The backend whose numbers are compared. */
    Backend backend() {
        return new ReferenceBackend();
    }

    /** An encoder alone, as somebody published it: no pooler, no padding. */
    @Test
    void hiddenStates() {
        GoldenFile golden = GoldenFile.of("tiny_bert");
        GoldenModel model = GoldenModel.of(new BertFamily(), "tiny_bert");
        for (JsonElement one : golden.json().getAsJsonArray("cases")) {
            JsonArray ids = one.getAsJsonObject().getAsJsonArray("ids");
            Tracer tracer = new Tracer();
            Map<String, Tensor> inputs = Map.of("tokens", tracer.feed("tokens", DType.I32, Shape.of(1, ids.size())));
            model.model()
                    .forward(model.weights(tracer), inputs, Pass.inference())
                    .forEach(tracer::output);
            try (Bench bench = new Bench(backend(), Map.of("model", model.model()), null, 0);
                    BoundProgram program = bench.prepare("golden", tracer.program())) {
                model.load(bench);
                program.buffer("tokens").write(GoldenFile.integers(ids));
                program.run();
                golden.assertClose(
                        "hidden", one.getAsJsonObject().get("last_hidden_state"), GoldenModel.read(program, "hidden"));
            }
        }
    }

    @Test
    void pooledAndClasses() {
        GoldenFile golden = GoldenFile.of("tiny_bert_classifier");
        GoldenModel model = GoldenModel.of(new BertFamily(), "tiny_bert_classifier");
        JsonObject json = golden.json();
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = inputs(tracer, json);
        model.model().forward(model.weights(tracer), inputs, Pass.inference()).forEach(tracer::output);
        try (Bench bench = new Bench(backend(), Map.of("model", model.model()), null, 0);
                BoundProgram program = bench.prepare("golden", tracer.program())) {
            model.load(bench);
            feed(program, json);
            program.run();
            golden.assertClose("hidden", json.get("last_hidden_state"), GoldenModel.read(program, "hidden"));
            golden.assertClose("pooled", json.get("pooler_output"), GoldenModel.read(program, "pooled"));
            golden.assertClose("classes", json.get("class_logits"), GoldenModel.read(program, "classes"));
        }
    }

    @Test
    void maskedTokensLossAndGradients() {
        GoldenFile golden = GoldenFile.of("tiny_roberta");
        GoldenModel model = GoldenModel.of(new BertFamily(), "tiny_roberta");
        JsonObject json = golden.json();
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = inputs(tracer, json);
        Tensor tokens = inputs.get("tokens");
        Tensor targets = tracer.feed("targets", DType.I32, tokens.shape());
        Tensor logits = model.model()
                .forward(model.weights(tracer), inputs, Pass.inference())
                .get("logits");
        tracer.output("logits", logits);
        List<Tensor> stream = ((Bert) model.model()).stream(model.weights(tracer), inputs, Dropout.NONE);
        for (int i = 0; i < stream.size(); i++) {
            tracer.output("stream" + i, stream.get(i));
        }
        model.outputGradients(
                tracer, Losses.crossEntropy(logits, targets, targets.ne(tracer.constant(NO_LABEL, DType.I32))));
        try (Bench bench = new Bench(backend(), Map.of("model", model.model()), null, 0);
                BoundProgram program = bench.prepare("golden", tracer.program())) {
            model.load(bench);
            feed(program, json);
            program.buffer("targets").write(GoldenFile.integers(json.get("labels")));
            program.run();
            golden.assertClose("logits", json.get("logits"), GoldenModel.read(program, "logits"));
            JsonArray hidden = json.getAsJsonArray("hidden_states");
            for (int i = 0; i < hidden.size(); i++) {
                golden.assertClose("stream" + i, hidden.get(i), GoldenModel.read(program, "stream" + i));
            }
            golden.assertClose("loss", json.get("loss"), program.scalar("loss"));
            model.compareGradients(golden, program);
        }
    }

    private static Map<String, Tensor> inputs(Tracer tracer, JsonObject json) {
        JsonArray ids = json.getAsJsonArray("input_ids");
        Shape shape = Shape.of(ids.size(), ids.get(0).getAsJsonArray().size());
        Map<String, Tensor> inputs = new HashMap<>();
        inputs.put("tokens", tracer.feed("tokens", DType.I32, shape));
        inputs.put("present", tracer.feed("present", DType.BOOL, shape));
        if (json.has("token_type_ids")) {
            inputs.put("types", tracer.feed("types", DType.I32, shape));
        }
        return inputs;
    }

    private static void feed(BoundProgram program, JsonObject json) {
        program.buffer("tokens").write(GoldenFile.integers(json.get("input_ids")));
        program.buffer("present").write(GoldenFile.integers(json.get("attention_mask")));
        if (json.has("token_type_ids")) {
            program.buffer("types").write(GoldenFile.integers(json.get("token_type_ids")));
        }
    }
}
