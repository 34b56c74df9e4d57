package unfit;

import java.util.List;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Training;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.osgi.service.component.annotations.Component;

/** A phase of the name of another that keeps something else than that one, so that it can't take its place in a run. */
@Component
@Seat(kind = Seat.PHASE, id = "pretrain", summary = "keeps a tensor that nobody else keeps")
public final class Unfit implements Phase<Unfit.Plan> {
    /** The settings of the other, as far as they are named here. */
    public record Plan(int batch, double learningRate, int evaluationSequences) {}

    @Override
    public Class<Plan> settings() {
        return Plan.class;
    }

    @Override
    public Needs needs(Plan plan) {
        return Needs.of("i32 tokens[batch,time] -> f32 logits[batch,time,vocab]", "")
                .optimizer();
    }

    @Override
    public List<Measure> measures(Plan plan) {
        return List.of();
    }

    @Override
    public Training prepare(Plan plan, PhaseContext context) {
        context.state().declare(context.name(), List.of(Parameter.of("momentum", Initializer.ZEROS, 3)));
        context.state().buffer(context.name() + "/momentum").write(new float[3]);
        // Taken over from the run, and not to be lost with this.
        context.state().buffer("model/token.weight").shape();
        return Training.of(List.of(), (_, _) -> {}, _ -> {});
    }
}
