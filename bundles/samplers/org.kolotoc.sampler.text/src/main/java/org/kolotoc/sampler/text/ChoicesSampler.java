package org.kolotoc.sampler.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.Choice;
import org.kolotoc.api.text.ChoiceDataset;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.api.text.ScoredChoice;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of an examination: a language model fills gaps of the data with the option that it holds for the likeliest, as
 * knowledge is asked of a model that can do nothing but complete (Petroni et al., arXiv:1909.01066; options by length-normalised
 * log-probability: Brown et al., arXiv:2005.14165, section 2.4). A sample is all gaps of a kind, see {@link
 * ScoredChoice#written}; more samples are those of further kinds. Nothing is drawn.
 */
@Component
@Seat(kind = Seat.SAMPLER, id = "choices", summary = "a language model fills gaps by choosing among options")
public final class ChoicesSampler implements Sampler<ChoicesSettings> {
    @Override
    public Class<ChoicesSettings> settings() {
        return ChoicesSettings.class;
    }

    @Override
    public Needs needs(ChoicesSettings settings) {
        return Needs.none()
                .model(TextSampler.MODEL, "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]")
                .data("");
    }

    @Override
    public Sampling prepare(ChoicesSettings settings, ProgramContext context) {
        if (!(context.data() instanceof ChoiceDataset data)) {
            throw InputError.of(
                    "the sampler 'choices' fills gaps, but the data has none",
                    "choose data that has some, such as \"knowledge\"");
        }
        IncrementalModel.of(context.model(TextSampler.MODEL));
        Map<String, List<Choice>> kinds = kinds(settings, data);
        return new Examination(settings, context, kinds);
    }

    private static Map<String, List<Choice>> kinds(ChoicesSettings settings, ChoiceDataset data) {
        Map<String, List<Choice>> all = new LinkedHashMap<>();
        data.choices()
                .forEach(choice -> all.computeIfAbsent(choice.kind(), _ -> new ArrayList<>())
                        .add(choice));
        Map<String, List<Choice>> kinds = new LinkedHashMap<>();
        for (int i = 0; i < settings.kinds().size(); i++) {
            String kind = settings.kinds().get(i);
            if (!all.containsKey(kind)) {
                throw InputError.field(
                        "kinds[" + i + "]",
                        "'" + kind + "' is no kind of the data's gaps; expected one of " + all.keySet());
            }
            kinds.put(kind, all.get(kind));
        }
        return kinds.isEmpty() ? all : kinds;
    }

    /** A prepared examination. */
    private static final class Examination implements Sampling {
        private final ProgramContext context;
        private final List<List<Choice>> kinds;
        private final Likelihood likelihood;

        Examination(ChoicesSettings settings, ProgramContext context, Map<String, List<Choice>> kinds) {
            this.context = context;
            this.kinds = List.copyOf(kinds.values());
            this.likelihood = new Likelihood(
                    settings,
                    context,
                    kinds.values().stream().flatMap(List::stream).toList());
        }

        @Override
        public List<Sample> draw(int count, String stream, Reached told) {
            List<Sample> samples = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                List<Choice> asked = kinds.get(i % kinds.size());
                samples.add(Sample.text(ScoredChoice.written(likelihood.scored(asked, asked))));
                told.reached(i + 1, count);
            }
            return samples;
        }

        @Override
        public long bytes(int count) {
            if (count < kinds.size()) {
                context.ledger()
                        .note(
                                Ledger.Kind.SKIPPED,
                                "kinds",
                                "of " + kinds.size() + " kinds the first " + count
                                        + " are asked for, one a sample; give as large a \"count\"");
            }
            if (count > kinds.size()) {
                context.ledger()
                        .note(
                                Ledger.Kind.NO_EFFECT,
                                "",
                                count + " samples are more than there are kinds, " + kinds.size()
                                        + ": those beyond are the same again");
            }
            return likelihood.bytes();
        }

        /** Scores that belong to other options, the first option always, and options behind the texts of others. */
        @Override
        public Map<String, List<Sample>> controls(List<Sample> samples) {
            return controls(samples, (_, _) -> {});
        }

        @Override
        public Map<String, List<Sample>> controls(List<Sample> samples, Reached told) {
            Map<String, List<Sample>> controls = new LinkedHashMap<>();
            controls.put("permuted", changed(samples, ChoicesSampler::permuted));
            controls.put("constant", changed(samples, ChoicesSampler::constant));
            List<Sample> others = new ArrayList<>();
            for (Sample sample : samples) {
                List<Choice> asked = ScoredChoice.read(sample.text()).stream()
                        .map(ScoredChoice::choice)
                        .toList();
                List<Choice> moved = moved(asked, new CounterRandom(context.seed(), "control/" + others.size()));
                others.add(Sample.text(ScoredChoice.written(likelihood.scored(asked, moved))));
                told.reached(others.size(), samples.size());
            }
            controls.put("other-contexts", others);
            return controls;
        }

        /** By lot, each in the place of another (Sattolo 1986): a fixed distance may lead to what asks for the same. */
        private static List<Choice> moved(List<Choice> asked, CounterRandom random) {
            List<Choice> moved = new ArrayList<>(asked);
            for (int i = moved.size() - 1; i > 0; i--) {
                Collections.swap(moved, i, random.integer(i, i));
            }
            return moved;
        }

        private static List<Sample> changed(List<Sample> samples, UnaryOperator<ScoredChoice> change) {
            return samples.stream()
                    .map(sample -> Sample.text(ScoredChoice.written(ScoredChoice.read(sample.text()).stream()
                            .map(change)
                            .toList())))
                    .toList();
        }

        @Override
        public void close() {
            likelihood.close();
        }
    }

    private static ScoredChoice permuted(ScoredChoice scored) {
        List<Double> probabilities = new ArrayList<>(scored.probabilities());
        List<Double> scores = new ArrayList<>(scored.scores());
        Collections.rotate(probabilities, 1);
        Collections.rotate(scores, 1);
        return scored.with(probabilities, scores);
    }

    private static ScoredChoice constant(ScoredChoice scored) {
        int options = scored.scores().size();
        List<Double> first = new ArrayList<>(Collections.nCopies(options, 0.0));
        first.set(0, 1.0);
        return scored.with(first, first);
    }
}
