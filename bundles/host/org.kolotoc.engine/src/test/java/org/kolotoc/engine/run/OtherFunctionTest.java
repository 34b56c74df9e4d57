package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.model.bert.BertFamily;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.phase.pretrain.objective.MaskedFamily;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/** Weights whose names and shapes fit a model for which they were not learned: of another family, or another function of them. */
class OtherFunctionTest {
    private static final String OTHER = "they are another function here";

    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
        console.framework().seat(Seat.MODEL, "twin", new GptFamily());
        console.framework().seat(Seat.MODEL, "odd", new Odd());
    }

    private Console.Answer run(String name, List<String> settings) {
        List<String> line = new ArrayList<>();
        List<String> all = new ArrayList<>(List.of("phases.0.steps=1", "metrics=[]", "samples=[]"));
        all.addAll(settings);
        all.forEach(setting -> line.addAll(List.of("--set", setting)));
        return console.small(name, line.toArray(String[]::new));
    }

    /** Another run that begins with the weights of a first one. */
    private Console.Answer started(List<String> first, String... settings) {
        assertEquals(0, run("first", first).code());
        List<String> more = new ArrayList<>(first);
        more.addAll(List.of(settings));
        more.add("start={\"model\": {\"run\": \"" + console.out("first") + "\"}}");
        return run("second", more);
    }

    private String ledger(String run) throws IOException {
        Path file = console.out(run).resolve("ledger.jsonl");
        return Files.exists(file) ? Files.readString(file).replace("\\\"", "'") : "";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model.heads=4 | 'heads' is 4, and was 2",
                "model.activation=relu | 'activation' is 'relu', and was not given",
                "model.normEpsilon=0.1 | 'normEpsilon' is 0.1, and was not given",
                "model.rotaryBase=500 | 'rotaryBase' is 500, and was not given",
            })
    void aSettingThatChangesTheFunctionIsTold(String setting, String difference) throws IOException {
        Console.Answer answer = started(List.of("model.positions=rotary"), setting);
        assertEquals(0, answer.code(), answer.err());
        String ledger = ledger("second");
        assertTrue(ledger.contains(difference + " when the weights of "), ledger);
        assertEquals(1, ledger.lines().filter(line -> line.contains(OTHER)).count(), ledger);
        assertTrue(ledger.contains("'$.start.model'") || ledger.contains("$.start.model"), ledger);
    }

    /** Said otherwise, for training alone, of other lengths, or without effect. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.dropout=0.5",
                "model.activation=gelu",
                "model.mlpWidth=32",
                "model.context=16",
                "model.keyValueHeads=2",
                "model.classes=3",
                "model.dropout=0.1"
            })
    void whatLeavesTheFunctionAsItIsIsNotTold(String setting) throws IOException {
        Console.Answer answer = started(List.of("model.positions=rotary"), setting);
        assertEquals(0, answer.code(), answer.err());
        assertFalse(ledger("second").contains(OTHER), ledger("second"));
    }

    @Test
    void aHeadOfItsOwnIsNoOtherFunction() throws IOException {
        Console.Answer answer = started(List.of(), "model.head=scalar");
        assertEquals(0, answer.code(), answer.err());
        assertTrue(ledger("second").contains("fresh weights"), ledger("second"));
        assertFalse(ledger("second").contains(OTHER), ledger("second"));
    }

    /** Of a head that is fresh nothing was learned: neither how many classes it has, nor what it reads. */
    @ParameterizedTest
    @ValueSource(strings = {"", ", \"pooling\": \"mean\""})
    void whatAFreshHeadReadsIsNoOtherFunction(String pooling) throws IOException {
        console.framework().seat(Seat.MODEL, "bert", new BertFamily());
        console.framework().seat("objective", "masked", new MaskedFamily());
        String bert = "{\"id\": \"bert\", \"layers\": 1, \"heads\": %d, \"width\": 8, \"context\": 8%s}";
        List<String> masked = List.of(
                "tokenizer={\"id\": \"char\", \"specials\": [\"<mask>\"]}",
                "phases.0.objective={\"id\": \"masked\"}",
                "criteria=[]");
        List<String> first = new ArrayList<>(masked);
        first.add("model=" + bert.formatted(2, ""));
        assertEquals(0, run("first", first).code());
        for (int heads : new int[] {2, 1}) {
            String name = "heads" + heads;
            List<String> both = new ArrayList<>(masked);
            both.add("model=null");
            both.add("models={\"masked\": " + bert.formatted(2, "") + ", \"probe\": "
                    + bert.formatted(heads, ", \"head\": \"classifier\", \"classes\": 2" + pooling) + "}");
            both.add("phases.0.models=\"masked\"");
            both.add("start={\"probe\": {\"run\": \"" + console.out("first") + "\", \"model\": \"model\"}}");
            Console.Answer answer = run(name, both);
            assertEquals(0, answer.code(), answer.err());
            assertTrue(ledger(name).contains("fresh weights"), ledger(name));
            List<String> told =
                    ledger(name).lines().filter(line -> line.contains(OTHER)).toList();
            assertEquals(heads == 2 ? 0 : 1, told.size(), told::toString);
        }
    }

    @Test
    void aHeadOfItsOwnHidesNoOtherFunction() throws IOException {
        Console.Answer answer = started(List.of(), "model.head=scalar", "model.heads=1", "model.normEpsilon=0.1");
        assertEquals(0, answer.code(), answer.err());
        assertTrue(ledger("second").contains("fresh weights"), ledger("second"));
        assertEquals(
                2, ledger("second").lines().filter(line -> line.contains(OTHER)).count(), ledger("second"));
    }

    @Test
    void aStrictRunEndsThere() {
        Console.Answer answer = started(List.of(), "model.heads=1", "strict=true");
        assertEquals(2, answer.code(), answer.err());
    }

    @Test
    void weightsOfAnotherFamilyAreRefused() {
        Console.Answer answer = started(List.of(), "model.id=\"twin\"");
        assertEquals(2, answer.code(), answer.err());
        assertTrue(answer.err().contains("$.start.model: 'model' of "), answer.err());
        assertTrue(answer.err().contains("is of the family 'gpt', and this model a 'twin'"), answer.err());
        assertTrue(answer.err().contains("use the settings that run was made with: "), answer.err());
        assertFalse(Files.exists(console.out("second")), "a run folder was made");
    }

    private Console.Answer within(String other) {
        return run(
                "within",
                List.of(
                        "models={\"learned\": {\"id\": \"gpt\", \"layers\": 1, \"heads\": 2, \"width\": 8,"
                                + " \"context\": 8}, \"begun\": " + other + "}",
                        "model=null",
                        "phases.0.models=\"learned\"",
                        "phases.+={\"id\": \"pretrain\", \"name\": \"again\", \"models\": \"begun\", \"steps\": 1,"
                                + " \"batch\": 2, \"start\": {\"begun\": \"learned@pretrain\"}}",
                        "criteria=[]"));
    }

    /** As of another run, so of another phase. */
    @Test
    void aPhaseThatBeginsWithAnotherFunctionTellsIt() throws IOException {
        Console.Answer answer = within("{\"id\": \"gpt\", \"layers\": 1, \"heads\": 4, \"width\": 8, \"context\": 8}");
        assertEquals(0, answer.code(), answer.err());
        assertTrue(
                ledger("within").contains("'heads' is 4, and was 2 when the weights of 'learned@pretrain'"),
                ledger("within"));
        Console.Answer twin = within("{\"id\": \"twin\", \"layers\": 1, \"heads\": 2, \"width\": 8, \"context\": 8}");
        assertEquals(2, twin.code(), twin.err());
        assertTrue(
                twin.err()
                        .contains(
                                "$.phases[1].start.begun: \"learned@pretrain\" is of the family 'gpt', and this model a"
                                        + " 'twin'"),
                twin.err());
    }

    /** What its outputs mean is in their names alone; and with some settings it can't be traced for texts. */
    @ParameterizedTest
    @CsvSource({"model.square=true, true", "model.scale=2, true", "model.unused=7, false"})
    void anybodysModelIsHeldAgainstItself(String setting, boolean told) throws IOException {
        Console.Answer answer =
                started(List.of("model={\"id\": \"odd\"}", "samples=[]", "phases.0.learningRate=0.001"), setting);
        assertEquals(0, answer.code(), answer.err());
        assertEquals(told, ledger("second").contains(OTHER), ledger("second"));
    }

    /** Settings of a model of somebody else. */
    public record OddSettings(
            @Default("false") boolean square,
            @Default("1") double scale,
            @Default("0") int unused) {}

    /** Logits of the last token alone, perhaps squared. */
    private static final class Odd implements ModelFamily<OddSettings> {
        @Override
        public Class<OddSettings> settings() {
            return OddSettings.class;
        }

        @Override
        public Model create(OddSettings settings, Dimensions data) {
            int vocab = data.get("vocab");
            List<Parameter> parameters = List.of(Parameter.of("bigram", Initializer.ZEROS, vocab, vocab));
            return Model.of(
                    "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]"
                            + (settings.square() ? "; f32 squared[batch,time,vocab]" : ""),
                    Dimensions.of("time", 8),
                    parameters,
                    (weights, inputs, pass) -> logits(settings, weights, inputs.get("tokens"), pass));
        }

        private static Map<String, Tensor> logits(OddSettings settings, Weights weights, Tensor tokens, Pass pass) {
            Tensor logits = weights.get("bigram").gather(tokens).mul((float) settings.scale());
            return settings.square()
                    ? Map.of("logits", logits, "squared", logits.mul(logits))
                    : Map.of("logits", logits);
        }
    }
}
