package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.DecoderFamily;
import org.kolotoc.tck.DecoderConformance;
import org.kolotoc.tensor.CounterRandom;

class GreedyDecoderTest extends DecoderConformance<Settings.None> {
    @Override
    protected DecoderFamily<Settings.None> decoder() {
        return new GreedyDecoder();
    }

    @Override
    protected Settings.None settings() {
        return new Settings.None();
    }

    @Test
    void itTakesTheLikeliestAndTheFirstOfEquals() {
        Decoder.Prompt prompt = new Decoder.Prompt(new int[] {0}, new CounterRandom(1, "unused"));
        int[][] written =
                decoder().create(settings()).decode(new FixedSession(0.5f, 3, -1, 3), List.of(prompt), 3, _ -> false);
        assertArrayEquals(new int[][] {{1, 1, 1}}, written);
    }
}
