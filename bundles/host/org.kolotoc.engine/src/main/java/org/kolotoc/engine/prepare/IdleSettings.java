package org.kolotoc.engine.prepare;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Model;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.EncoderDecoder;
import org.kolotoc.engine.fill.ModelSeat;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.ledger.RunLedger;

/**
 * Settings of models without effect, as the others are: {@code "pooling": "mean"} where no head reads what is pooled. The
 * models themselves tell, which are made and traced without them.
 */
record IdleSettings(SizedModels models, RunLedger ledger) {
    /** Notes them. */
    void note() {
        models.experiment().allModels().keySet().forEach(this::note);
    }

    private void note(String name) {
        List<String> idle = new ArrayList<>();
        models.ref(name).settings().asMap().forEach((setting, value) -> {
            if (isIdle(name, setting, value)) {
                idle.add(setting);
            }
        });
        idle.forEach(setting -> ledger.note(
                Ledger.Kind.NO_EFFECT,
                models.seat(name).occupant().toString(),
                models.ref(name).path() + "." + setting,
                models.ref(name).settings().get(setting)
                        + " changes nothing: with its other settings the model is the same without it"));
    }

    /** A number that says what holds anyway has an effect: with another one the model would be another. */
    private boolean isIdle(String name, String setting, JsonElement value) {
        boolean number = value instanceof JsonPrimitive primitive && primitive.isNumber();
        Optional<ModelSeat> without = models.with(name, models.ref(name).settings(), setting, Optional.empty());
        return without.isPresent()
                && !without.get().hasSettingsOf(models.seat(name))
                && isSame(name, without.get())
                && (!number
                        || models.with(
                                        name,
                                        models.ref(name).settings(),
                                        setting,
                                        Optional.of(new JsonPrimitive(
                                                value.getAsBigDecimal().add(BigDecimal.ONE))))
                                .filter(other -> isSame(name, other))
                                .isPresent());
    }

    private boolean isSame(String name, ModelSeat other) {
        try {
            return isSame(models.model(name), models.model(name, other));
        } catch (InputError | PluginFailure | IllegalArgumentException _) {
            // Without it the model can't be, or wants to know more.
            return false;
        }
    }

    private static boolean isSame(Model model, Model other) {
        List<String> outputs =
                model.signature().outputs().stream().map(Signature.Port::name).toList();
        return model.signature().equals(other.signature())
                && model.limits().equals(other.limits())
                && model.heads().equals(other.heads())
                && model.parameters().equals(other.parameters())
                && model.statistics().equals(other.statistics())
                && start(model) == start(other)
                && traced(model, outputs, false).equals(traced(other, outputs, false))
                && traced(model, outputs, true).equals(traced(other, outputs, true));
    }

    private static int start(Model model) {
        return model instanceof EncoderDecoder decoder ? decoder.start() : -1;
    }

    private static Map<String, Computation> traced(Model model, List<String> outputs, boolean training) {
        return Computation.of(model, outputs, axis -> model.limits().getOr(axis, Computation.UNLIMITED), training);
    }
}
