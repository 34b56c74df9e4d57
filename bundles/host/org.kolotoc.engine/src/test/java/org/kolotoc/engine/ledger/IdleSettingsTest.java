package org.kolotoc.engine.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.run.Console;
import org.kolotoc.model.bert.BertFamily;
import org.kolotoc.phase.pretrain.objective.MaskedFamily;

/** Settings of models that change nothing, as the others are. */
class IdleSettingsTest {
    private static final String BERT =
            "model={\"id\": \"bert\", \"layers\": 1, \"heads\": 2, \"width\": 8, \"context\": 8,"
                    + " \"dropout\": 0.1%s}";

    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
        console.framework().seat(Seat.MODEL, "bert", new BertFamily());
        console.framework().seat("objective", "masked", new MaskedFamily());
    }

    /** Lines of a short run's ledger that are about its model. */
    private List<String> told(String... settings) throws IOException {
        Stream<String> all = Stream.concat(
                Stream.of("phases.0.steps=1", "metrics=[]", "samples=[]", "criteria=[]"), Stream.of(settings));
        Console.Answer answer = console.small(
                "run", all.flatMap(setting -> Stream.of("--set", setting)).toArray(String[]::new));
        assertEquals(0, answer.code(), answer.err());
        return Files.readString(console.out("run").resolve("ledger.jsonl"))
                .lines()
                .filter(line -> line.contains("\"$.model."))
                .toList();
    }

    private static void requireTold(List<String> told, String setting, String value) {
        assertEquals(1, told.size(), told::toString);
        assertTrue(
                told.getFirst().contains("\"no-effect\"")
                        && told.getFirst().contains("\"$.model." + setting + "\"")
                        && told.getFirst().contains("\"" + value + " changes nothing"),
                told::toString);
    }

    @ParameterizedTest
    @CsvSource({"classes, 3", "rotaryBase, 500"})
    void aSettingThatNothingReadsIsTold(String setting, String value) throws IOException {
        requireTold(told("model." + setting + "=" + value), setting, value);
    }

    @Test
    void aSettingThatAnotherOverrulesIsTold() throws IOException {
        requireTold(told("model.mlpRatio=2", "model.mlpWidth=24"), "mlpRatio", "2");
    }

    /** For training alone, for the first weights alone, for texts of other lengths, or as it would be anyway. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.dropout=0.2",
                "model.context=12",
                "model.activation=relu",
                "model.mlpWidth=32",
                "model.keyValueHeads=2",
                "model.tied=false",
                "model.activation=gelu",
                "model.classes=0",
                "model.head=scalar"
            })
    void whatChangesAnythingIsNotTold(String setting) throws IOException {
        assertEquals(List.of(), told(setting));
    }

    private List<String> encoder(String more) throws IOException {
        return told(
                BERT.formatted(more),
                "tokenizer={\"id\": \"char\", \"specials\": [\"<mask>\"]}",
                "phases.0.objective={\"id\": \"masked\"}");
    }

    @Test
    void poolingIsForClassifiers() throws IOException {
        requireTold(encoder(", \"pooling\": \"mean\""), "pooling", "\\\"mean\\\"");
    }

    @Test
    void theDeviationOfTheFirstWeightsHasAnEffect() throws IOException {
        assertEquals(List.of(), encoder(", \"deviation\": 0.1"));
    }
}
