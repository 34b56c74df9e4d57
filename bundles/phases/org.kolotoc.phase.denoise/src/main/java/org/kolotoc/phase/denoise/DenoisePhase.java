package org.kolotoc.phase.denoise;

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
import org.kolotoc.nn.Descent;
import org.kolotoc.nn.diffusion.Prediction;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of denoising diffusion (Ho, Jain and Abbeel, arXiv:2006.11239, algorithm 1): a sample becomes noisy to a step of a
 * schedule that is drawn at random, and a model tells the noise, the sample or the velocity by its mean squared error. Some
 * samples have no class (Ho and Salimans, arXiv:2207.12598). A moving average of the weights is a second model of the run.
 */
@Component
@Seat(kind = Seat.PHASE, id = "denoise", summary = "diffusion: a model tells the noise in samples")
public final class DenoisePhase implements Phase<DenoiseSettings> {
    /** What it calls the model that learns. */
    static final String MODEL = "model";

    /** What it calls the model whose weights are averages of that one's. */
    static final String AVERAGE = "average";

    private static final String HELD_OUT = "validation";

    @Override
    public Class<DenoiseSettings> settings() {
        return DenoiseSettings.class;
    }

    @Override
    public Needs needs(DenoiseSettings settings) {
        String denoiser = Prediction.anyDenoiser(settings.samples());
        Needs needs = Needs.none()
                .model(MODEL, denoiser)
                .data(settings.samples().field() + "; i32 label[batch]?; f32 weights[batch]")
                .optimizer();
        return settings.averages() ? needs.model(AVERAGE, denoiser) : needs;
    }

    @Override
    public List<Measure> measures(DenoiseSettings settings) {
        return List.of(
                Measure.step("loss/train", "", Better.LOWER),
                Measure.step("gradient/norm", "", Better.NEITHER),
                Measure.step("learning-rate", "", Better.NEITHER),
                Measure.work("samples", "samples"),
                Measure.evaluation("loss/validation", "", Better.LOWER));
    }

    @Override
    public Training prepare(DenoiseSettings settings, PhaseContext context) {
        check(settings);
        Model model = context.model(MODEL);
        Dataset data = context.data();
        Noising noising = Noising.of(settings, model, data);
        if (settings.averages()
                && !(context.model(AVERAGE).states().equals(model.states())
                        && context.model(AVERAGE).signature().equals(model.signature()))) {
            throw InputError.field(
                    "average",
                    "the model \"" + AVERAGE + "\" has other sizes than the model whose weights it averages;"
                            + " expected the same settings");
        }
        tell(settings, noising, context);
        Descent descent = new Descent(
                context.optimizer().orElse(new AdamW(0.9, 0.999, 1e-8, 0)),
                model.parameters(),
                context.name(),
                settings.clip());
        context.state().declare(context.name(), descent.state());
        Programs programs = new Programs(settings, context, noising, descent);
        BoundProgram train = context.prepare("train", programs.train());
        Map<String, Integer> axes = Map.of("batch", settings.batch());
        Optional<HeldOut> heldOut = Optional.empty();
        if (data.splits().contains(HELD_OUT)) {
            heldOut = Optional.of(new HeldOut(
                    noising,
                    context.prepare("evaluate", programs.evaluate()),
                    data.batches(HELD_OUT, axes, context.seed())));
        }
        Batches batches = data.batches("train", axes, context.seed());
        return new Denoising(settings, context, noising, batches, train, heldOut);
    }

    private static void check(DenoiseSettings settings) {
        if (settings.minLearningRate() > settings.learningRate()) {
            throw InputError.field(
                    "minLearningRate",
                    settings.minLearningRate() + " is above the learningRate; expected at most "
                            + settings.learningRate());
        }
        if (settings.schedule() == DenoiseSettings.Schedule.LINEAR && settings.firstBeta() > settings.lastBeta()) {
            throw InputError.field(
                    "firstBeta",
                    settings.firstBeta() + " is above the lastBeta; expected at most " + settings.lastBeta());
        }
    }

    /** What of the settings does not do what one may think. */
    private static void tell(DenoiseSettings settings, Noising noising, PhaseContext context) {
        Ledger ledger = context.ledger();
        double left = noising.schedule().signal(noising.schedule().steps() - 1);
        if (left > Noising.END) {
            ledger.note(
                    Ledger.Kind.NO_EFFECT,
                    "schedule",
                    "after its " + noising.schedule().steps() + " steps " + left
                            + " of a sample's variance is left: what samplers begin with was never seen; raise"
                            + " lastBeta");
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
            ledger.note(Ledger.Kind.SKIPPED, "", "the data has no validation part: loss/validation is not measured");
        }
    }
}
