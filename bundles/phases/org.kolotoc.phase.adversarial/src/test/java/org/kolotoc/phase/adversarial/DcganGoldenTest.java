package org.kolotoc.phase.adversarial;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.nn.AdamW;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * Losses, gradients and five alternating steps of Adam of a small DCGAN beside those of another implementation, through the
 * programs that the phase runs.
 */
class DcganGoldenTest {
    private static final String GRADIENT = "gradient";

    /** At a rate of 0 it leaves weights as they are; it remembers the gradients. */
    private static final Optimizer REMEMBERING = Optimizer.perParameter(
            List.of(GRADIENT),
            (weight, memory, gradient, rate, _) -> List.of(
                    weight.sub(gradient.mul(rate)),
                    gradient.add(memory.getFirst().mul(0))));

    private final GoldenFile golden = GoldenFile.of("dcgan");

    private Stream<Map.Entry<String, JsonElement>> losses() {
        return golden.json().getAsJsonObject("losses").asMap().entrySet().stream();
    }

    private DynamicTest gradients(String loss, JsonObject expected, Backend backend) {
        JsonObject file = golden.json();
        return DynamicTest.dynamicTest(loss + ", " + backend, () -> {
            try (GoldenGame game = GoldenGame.of(golden, loss, REMEMBERING, 0, backend)) {
                game.discriminator(loss, expected.get("loss_d"), file.get("real"), file.get("z"), file.get("epsilon"));
                game.compare(GRADIENT, expected.getAsJsonObject("gradients_d"));
                game.generator(loss, expected.get("loss_g"), file.get("z"));
                game.compare(GRADIENT, expected.getAsJsonObject("gradients_g"));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> lossesAndGradients() {
        return losses().flatMap(loss -> Stream.of(new ReferenceBackend(), new CpuBackend(2))
                .map(backend -> gradients(loss.getKey(), loss.getValue().getAsJsonObject(), backend)));
    }

    private void train(GoldenGame game, JsonObject expected) {
        List<JsonElement> batches =
                golden.json().getAsJsonArray("training_batches").asList();
        for (int i = 0; i < batches.size(); i++) {
            JsonObject batch = batches.get(i).getAsJsonObject();
            JsonObject losses = expected.getAsJsonArray("losses").get(i).getAsJsonObject();
            String step = "step " + i;
            game.discriminator(step, losses.get("loss_d"), batch.get("real"), batch.get("z_d"), batch.get("epsilon"));
            game.generator(step, losses.get("loss_g"), batch.get("z_g"));
        }
        game.compare("", expected.getAsJsonObject("final"));
    }

    @TestFactory
    Stream<DynamicTest> fiveSteps() {
        JsonObject adam = golden.json().getAsJsonObject("optimizer");
        double[] betas = GoldenFile.numbers(adam.get("betas"));
        Optimizer optimizer = new AdamW(betas[0], betas[1], adam.get("eps").getAsDouble(), 0);
        double rate = adam.get("lr").getAsDouble();
        return losses().map(loss -> DynamicTest.dynamicTest(loss.getKey(), () -> {
            try (GoldenGame game = GoldenGame.of(golden, loss.getKey(), optimizer, rate, new CpuBackend(1))) {
                train(game, loss.getValue().getAsJsonObject().getAsJsonObject("training"));
            }
        }));
    }
}
