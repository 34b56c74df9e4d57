package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignFamily;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.StoredTensor;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.tensor.Parameter;

/** What must hold of a family that writes checkpoints for another library: whoever reads them has the same model. */
final class ForeignChecks {
    private ForeignChecks() {}

    /** Settings that no layout can say are refused by name; all others are read back as they were. */
    static <S extends Record> void check(
            ModelFamily<S> family, ForeignFamily<S> foreign, S settings, Dimensions data, boolean written) {
        WrittenModel config;
        try {
            config = foreign.write(settings, data);
        } catch (InputError e) {
            assertTrue(!written, () -> "it is refused: " + e.getMessage());
            assertTrue(e.getMessage().lines().allMatch(line -> line.startsWith("\"")), e.getMessage());
            return;
        }
        assertTrue(written, () -> "what no layout has is written: " + config.config());
        assertTrue(foreign.architectures().contains(config.config().get("model_type")), config.config()::toString);
        ForeignModel<S> read = foreign.read(new ForeignConfig("config.json", config.config()), config.tensors());
        Model model = family.create(settings, data);
        assertEquals(shapes(model), shapes(family.create(read.settings(), read.data())));
        Map<String, String> places = new HashMap<>();
        for (Parameter parameter : model.states()) {
            StoredTensor stored = read.layout().of(parameter);
            stored.shapes().keySet().forEach(part -> {
                String other = places.put(part, parameter.name());
                assertTrue(other == null, () -> part + " is a place of " + other + " and of " + parameter.name());
            });
            float[] values = new float[parameter.shape().size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = i;
            }
            assertArrayEquals(values, stored.read(stored.write(values)::get), parameter.name());
        }
        // Written once more it says the same: no field is lost on the way.
        assertEquals(
                config.config(), foreign.write(read.settings(), read.data()).config());
    }

    private static List<String> shapes(Model model) {
        return model.states().stream()
                .map(state -> state.name() + " " + state.shape())
                .toList();
    }
}
