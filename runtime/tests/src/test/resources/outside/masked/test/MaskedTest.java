package masked;

import static org.junit.jupiter.api.Assertions.*;

import java.util.*;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.*;
import org.kolotoc.tck.*;

class MaskedTest extends PhaseConformance<Masked.Plan> {
    @Override
    protected Phase<Masked.Plan> phase() {
        return new Masked();
    }

    @Override
    protected Masked.Plan settings() {
        return new Masked.Plan(8, 12, 0.01);
    }

    @Override
    protected Stream<Masked.Plan> otherBatches() {
        return Stream.of(new Masked.Plan(3, 12, 0.01), new Masked.Plan(100, 20, 0.01));
    }

    @Override
    protected Dataset data() {
        return rows(0);
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of("model", new Encoder().create(new Encoder.Sizes(1, 2, 8, 20), data().dimensions()));
    }

    private static Dataset rows(int padding) {
        return new Alternating().open(new Alternating.Rows(8, 6, 12, padding), null);
    }

    private BenchState.Snapshot trained(Dataset data, int time) {
        try (Bench bench = Bench.of(models().get("model"), data, 1)) {
            bench.train(phase(), new Masked.Plan(8, time, 0.01), 0, 4);
            return bench.state().snapshot();
        }
    }

    @Test
    void whatStandsInThePaddingChangesNoBit() {
        assertEquals("", trained(rows(0), 12).difference(trained(rows(5), 12)));
    }

    @Test
    void howMuchIsPaddedChangesNoBit() {
        assertEquals("", trained(rows(0), 12).difference(trained(rows(0), 20)));
    }
}
