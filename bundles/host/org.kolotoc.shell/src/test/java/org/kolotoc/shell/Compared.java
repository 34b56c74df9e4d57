package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.claim.ClaimFamily;
import org.kolotoc.eval.compare.DifferenceFamily;
import org.kolotoc.eval.compare.FailuresFamily;
import org.kolotoc.eval.compare.RatioFamily;

/** A comparison of one who learns with one who does not, and the command that makes it. */
abstract class Compared {
    static final String COMPARISON = """
        {
          "schema": "kolotoc.comparison/1",
          "seeds": [1, 2, 3, 4, 5],
          "experiment": {
            "schema": "kolotoc.experiment/1",
            "backend": "reference",
            "data": {"id": "template-world", "characters": 2000},
            "tokenizer": {"id": "char"},
            "model": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8},
            "phases": [{"id": "pretrain", "steps": 4, "batch": 2, "warmup": 0, "evaluationBatches": 2}],
            "samples": {"count": 1, "length": 4, "prompt": " "}
          },
          "sides": {
            "learns": {"set": {"phases.0.learningRate": 0.03, "phases.0.minLearningRate": 0.03}},
            "rests": {"set": {"phases.0.learningRate": 0, "phases.0.minLearningRate": 0}}
          },
          "fair": {"measures": ["cost/flops", "text/cost/parameters"]},
          "asked": [{"metric": "loss/validation", "over": {"metric": "loss/validation", "at": 0}, "max": 0.999}],
          "claims": [
            {"id": "difference", "favours": "learns", "metric": "loss/validation"},
            {"id": "failures", "favours": "learns"},
            {"id": "ratio", "favours": "rests", "metric": "text/cost/flops", "better": "lower", "times": 10}
          ]
        }
        """;

    @TempDir
    Path folder;

    /** Has the plugins that the comparison names. */
    FakeHost host;

    Path file;

    /** Where its runs go. */
    Path out;

    @BeforeEach
    void comparison() throws IOException {
        host = FakeHost.standard()
                .at(folder)
                .plug(ClaimFamily.class, ClaimFamily.KIND, "difference", new DifferenceFamily())
                .plug(ClaimFamily.class, ClaimFamily.KIND, "failures", new FailuresFamily())
                .plug(ClaimFamily.class, ClaimFamily.KIND, "ratio", new RatioFamily());
        file = Files.writeString(folder.resolve("rates.json"), COMPARISON);
        out = folder.resolve("out");
    }

    Printed compare(String... options) {
        return compare(() -> false, options);
    }

    Printed compare(BooleanSupplier stop, String... options) {
        List<String> line = new ArrayList<>(List.of(file.toString(), "--out", out.toString()));
        line.addAll(List.of(options));
        return Printed.by(new CompareCommand(host.engine(), host.terminal(), stop), line.toArray(String[]::new));
    }

    static void says(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), () -> "«" + part + "» expected in " + text);
        }
        assertFalse(text.contains("\tat "), text);
    }
}
