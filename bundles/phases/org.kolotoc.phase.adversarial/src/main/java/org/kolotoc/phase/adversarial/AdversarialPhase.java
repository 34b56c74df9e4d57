package org.kolotoc.phase.adversarial;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Model;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Training;
import org.kolotoc.nn.AdamW;
import org.kolotoc.tensor.Optimizer;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of adversarial training (Goodfellow et al., arXiv:1406.2661): a discriminator learns to tell samples from what a
 * generator makes of noise, and the generator to make what it holds for samples. In a step each side has so many updates. Slopes
 * of the discriminator may be held down at data (R1, Mescheder et al., arXiv:1801.04406; in every k-th update alone, Karras et
 * al., arXiv:1912.04958) or in between (Gulrajani et al., arXiv:1704.00028). A moving average of the generator is a third model.
 *
 * <p>Statistics of the discriminator are those after a look at data, of the generator those after its own update.
 */
@Component
@Seat(kind = Seat.PHASE, id = "adversarial", summary = "a generator learns to make what a discriminator takes for data")
public final class AdversarialPhase implements Phase<AdversarialSettings> {
    static final String GENERATOR = "generator";
    static final String DISCRIMINATOR = "discriminator";

    /** What it calls the model whose weights are averages of the generator's. */
    static final String AVERAGE = "average";

    private static final String HELD_OUT = "validation";

    @Override
    public Class<AdversarialSettings> settings() {
        return AdversarialSettings.class;
    }

    @Override
    public Needs needs(AdversarialSettings settings) {
        Needs needs = Needs.none()
                .model(GENERATOR, settings.samples().anyGenerator())
                .model(DISCRIMINATOR, settings.samples().anyDiscriminator())
                .data(settings.samples().field() + "; i32 label[batch]?; f32 weights[batch]")
                .optimizer();
        return settings.averages() ? needs.model(AVERAGE, settings.samples().anyGenerator()) : needs;
    }

    @Override
    public List<Measure> measures(AdversarialSettings settings) {
        List<Measure> measures = new ArrayList<>(List.of(
                Measure.step("loss/discriminator", "", Better.NEITHER),
                Measure.step("loss/generator", "", Better.NEITHER),
                Measure.step("gradient/discriminator", "", Better.NEITHER),
                Measure.step("gradient/generator", "", Better.NEITHER),
                Measure.step("learning-rate", "", Better.NEITHER),
                Measure.work("samples", "samples"),
                Measure.evaluation("ordered/validation", "", Better.NEITHER),
                Measure.evaluation("distance/validation", "deviations", Better.LOWER),
                Measure.evaluation("diversity", "", Better.HIGHER)));
        if (!settings.sideLosses().isEmpty()) {
            measures.add(Measure.step("loss/side", "", Better.LOWER));
        }
        return measures;
    }

    @Override
    public Training prepare(AdversarialSettings settings, PhaseContext context) {
        if (settings.minLearningRate() > settings.learningRate()) {
            throw InputError.field(
                    "minLearningRate",
                    settings.minLearningRate() + " is above the learningRate; expected at most "
                            + settings.learningRate());
        }
        if (!settings.sideLosses().isEmpty() && settings.batch() < 2) {
            throw InputError.field(
                    "batch", settings.batch() + " sample has no other beside it; expected 2 or more with sideLosses");
        }
        Optimizer optimizer = context.optimizer().orElse(new AdamW(0.5, 0.999, 1e-8, 0));
        Dataset data = context.data();
        Game game = Game.of(
                settings,
                Side.of(GENERATOR, optimizer, context, settings.clip()),
                Side.of(DISCRIMINATOR, optimizer, context, settings.clip()),
                data);
        if (settings.averages()) {
            checkAverage(context.model(AVERAGE), game.generator().model());
        }
        tell(settings, context);
        if (game.discriminator().model().limits().getOr(Game.GROUP, 0) == 1) {
            context.ledger()
                    .note(Ledger.Kind.NO_EFFECT, "", "the discriminator has a group of 1, which differs from nothing");
        }
        for (Side side : List.of(game.generator(), game.discriminator())) {
            context.state().declare(context.name(), side.descent().state());
        }
        Programs programs = new Programs(game, context, Chance::of);
        boolean always = settings.r1() > 0 && settings.r1Every() == 1;
        Optional<BoundProgram> plain = always
                ? Optional.empty()
                : Optional.of(context.prepare("discriminator", programs.discriminator(false)));
        Optional<BoundProgram> regularised = settings.r1() > 0
                ? Optional.of(context.prepare("discriminator, R1", programs.discriminator(true)))
                : Optional.empty();
        Playing.Compiled compiled =
                new Playing.Compiled(plain, regularised, context.prepare("generator", programs.generator()));
        Map<String, Integer> axes = Map.of("batch", settings.batch());
        Optional<HeldOut> heldOut = Optional.empty();
        if (data.splits().contains(HELD_OUT)) {
            checkHeldOut(data, game.group());
            heldOut = Optional.of(new HeldOut(
                    game,
                    context.prepare("evaluate", programs.evaluate()),
                    data.batches(HELD_OUT, axes, context.seed())));
        }
        Batches batches = data.batches("train", axes, context.seed());
        return new Playing(game, context, batches, compiled, heldOut);
    }

    private static void checkHeldOut(Dataset data, int group) {
        int count = data.first(HELD_OUT, group).get("weights").length;
        if (count < group) {
            throw InputError.of(
                    count + " held-out samples are less than one group of " + group
                            + ", which the discriminator compares; expected " + group + " or more",
                    "hold more of the data back, or say a smaller \"group\" of the discriminator");
        }
    }

    private static void checkAverage(Model average, Model generator) {
        if (!average.states().equals(generator.states()) || !average.signature().equals(generator.signature())) {
            throw InputError.field(
                    AVERAGE,
                    "the model \"" + AVERAGE + "\" has other sizes than the model \"" + GENERATOR
                            + "\", whose weights it averages; expected the same settings");
        }
    }

    /** What of the settings does not do what one may think. */
    private static void tell(AdversarialSettings settings, PhaseContext context) {
        Ledger ledger = context.ledger();
        if (settings.r1() == 0 && settings.r1Every() > 1) {
            ledger.note(Ledger.Kind.NO_EFFECT, "r1Every", settings.r1Every() + " has no effect where r1 is 0");
        }
        if (settings.warmup() > context.steps()) {
            ledger.note(
                    Ledger.Kind.NO_EFFECT,
                    "warmup",
                    settings.warmup() + " is above its " + context.steps()
                            + " steps: the learning rate never gets to its height");
        }
        if (settings.learningRate() == 0) {
            ledger.note(Ledger.Kind.NO_EFFECT, "learningRate", "0 leaves the weights as they are");
        }
        if (!context.data().splits().contains(HELD_OUT)) {
            ledger.note(
                    Ledger.Kind.SKIPPED, "", "the data has no validation part: nothing of an evaluation is measured");
        }
    }
}
