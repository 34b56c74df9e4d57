package org.kolotoc.sampler.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.SamplerConformance;
import org.kolotoc.tensor.reference.ReferenceBackend;

final class NextWordsSamplerTest extends SamplerConformance<NextWordsSettings> {
    @Override
    protected Sampler<NextWordsSettings> sampler() {
        return new NextWordsSampler();
    }

    @Override
    protected NextWordsSettings settings() {
        return new NextWordsSettings(List.of("a", "the"), 3, 30, 0.01);
    }

    @Override
    protected boolean draws() {
        return false;
    }

    private Bench bench() {
        return new Bench(new ReferenceBackend(), models(), data(), 1);
    }

    @Test
    void theLinesAddUpToOneAndFall() {
        try (Bench bench = bench();
                Sampling sampling = sampler().prepare(settings(), bench)) {
            for (Sample sample : sampling.draw(2, "sample/1", (_, _) -> {})) {
                double[] shares = sample.text()
                        .lines()
                        .mapToDouble(line -> Double.parseDouble(line.split("\t")[0]))
                        .toArray();
                double sum = 0;
                for (int i = 0; i < shares.length; i++) {
                    sum += shares[i];
                    assertTrue(i == 0 || i == shares.length - 1 || shares[i] <= shares[i - 1], sample.text());
                }
                assertEquals(1, sum, 1e-6);
                assertTrue(sample.text().endsWith("\t\n"), sample.text());
            }
        }
    }

    @Test
    void noPromptIsRefused() {
        try (Bench bench = bench()) {
            NextWordsSettings none = new NextWordsSettings(List.of(), 3, 30, 0.01);
            assertEquals(
                    "prompts",
                    assertThrows(InputError.class, () -> sampler().prepare(none, bench))
                            .field());
        }
    }
}
