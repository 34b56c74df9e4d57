package org.kolotoc.engine.fill;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.chat.Answering;
import org.kolotoc.api.chat.Exchange;

/** The seat of a sampler, filled. */
public final class SamplerSeat implements Needing {
    private final Occupant occupant;
    private final Variants variants;
    private final Function<ProgramContext, Sampling> sampler;

    private SamplerSeat(Occupant occupant, Variants variants, Function<ProgramContext, Sampling> sampler) {
        this.occupant = occupant;
        this.variants = variants;
        this.sampler = sampler;
    }

    static Optional<SamplerSeat> of(Sampler<?> plugin, Binding binding) {
        return bound(plugin, binding);
    }

    private static <S extends Record> Optional<SamplerSeat> bound(Sampler<S> plugin, Binding binding) {
        return binding.settings(plugin)
                .map(settings -> new SamplerSeat(
                        binding.occupant(),
                        Variants.of(binding.occupant(), settings, plugin::needs),
                        context -> plugin.prepare(settings, context)));
    }

    @Override
    public Occupant occupant() {
        return occupant;
    }

    @Override
    public Needs needs() {
        return variants.needs();
    }

    @Override
    public Map<String, Needs> otherwise() {
        return variants.others().get();
    }

    /** The sampler with its programs; its failures name it. */
    public Sampling prepare(ProgramContext context) {
        Sampling prepared = occupant.give("prepared", () -> sampler.apply(context));
        Guarded guarded = new Guarded(occupant, prepared);
        return prepared instanceof Answering answering ? new GuardedAnswering(guarded, answering) : guarded;
    }

    private record GuardedAnswering(Guarded guarded, Answering answering) implements Answering {
        @Override
        public List<String> starters() {
            return List.copyOf(guarded.occupant().give("said what may be asked", answering::starters));
        }

        @Override
        public Answer answer(List<Exchange> before, String question, String stream, Consumer<String> told) {
            return guarded.occupant()
                    .give("answered a question", () -> answering.answer(before, question, stream, told));
        }

        @Override
        public List<Sample> draw(int count, String stream, Reached told) {
            return guarded.draw(count, stream, told);
        }

        @Override
        public long bytes(int count) {
            return guarded.bytes(count);
        }

        @Override
        public int examples() {
            return guarded.examples();
        }

        @Override
        public Map<String, List<Sample>> controls(List<Sample> samples, Reached told) {
            return guarded.controls(samples, told);
        }

        @Override
        public void close() {
            guarded.close();
        }
    }

    private record Guarded(Occupant occupant, Sampling sampling) implements Sampling {
        @Override
        public List<Sample> draw(int count, String stream, Reached told) {
            List<Sample> samples = List.copyOf(occupant.give("drew samples", () -> sampling.draw(count, stream, told)));
            if (samples.isEmpty()) {
                throw PluginFailure.broken(occupant, "drew no sample of " + count);
            }
            return samples;
        }

        @Override
        public long bytes(int count) {
            return occupant.call("said what memory it takes", () -> sampling.bytes(count));
        }

        @Override
        public int examples() {
            int examples = occupant.call("said how many examples a sample has", sampling::examples);
            if (examples < 1) {
                throw PluginFailure.broken(occupant, "says that a sample has " + examples + " examples");
            }
            return examples;
        }

        @Override
        public Map<String, List<Sample>> controls(List<Sample> samples, Reached told) {
            return occupant.give("made controls", () -> sampling.controls(samples, told));
        }

        @Override
        public void close() {
            occupant.run("closed", sampling::close);
        }
    }
}
