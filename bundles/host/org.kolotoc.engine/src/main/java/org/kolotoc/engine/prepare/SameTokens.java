package org.kolotoc.engine.prepare;

import java.nio.file.Path;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.TokenizerPlan;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.state.Checkpoints.Checkpoint;

/** Holds the tokens of a run against those of another with whose weights it begins: shapes may fit, and mean other text. */
record SameTokens(Seats seats, Optional<Tokenizer> here) {
    private static final int SHOWN = 40;

    /**
     * Compares every token that both have. Where the other run has none, or its family is not plugged in, nobody can tell.
     *
     * @throws InputError naming the first token that stands for other text
     */
    void require(Path run, Checkpoint checkpoint) {
        if (here.isEmpty()
                || checkpoint.tokenizer() == null
                || checkpoint.tokenizer().equals(here.get().state())) {
            return;
        }
        there(run, checkpoint.tokenizer()).ifPresent(there -> {
            for (int token = 0; token < Math.min(there.vocab(), here.get().vocab()); token++) {
                String mine = here.get().decode(new int[] {token});
                String other = there.decode(new int[] {token});
                if (!mine.equals(other)) {
                    throw InputError.of(
                            "its tokens stand for other text: token " + token + " is '"
                                    + Printable.cut(other, SHOWN) + "' in " + checkpoint.path() + ", and '"
                                    + Printable.cut(mine, SHOWN) + "' here",
                            "use the tokenizer that " + run.resolve(RunFolder.EXPERIMENT) + " names");
                }
            }
        });
    }

    /**
     * Whether every token of another run's tokenizer is one here, after {@link #require}. Where nobody can tell how many
     * that has, it is not.
     */
    boolean hasAllOf(Path run, Checkpoint checkpoint) {
        return here.isPresent()
                && checkpoint.tokenizer() != null
                && (checkpoint.tokenizer().equals(here.get().state())
                        || there(run, checkpoint.tokenizer())
                                .filter(there -> there.vocab() <= here.get().vocab())
                                .isPresent());
    }

    private Optional<Tokenizer> there(Path run, String state) {
        TokenizerPlan plan = ExperimentFile.read(run.resolve(RunFolder.EXPERIMENT))
                .untrained()
                .tokenizer();
        if (plan == null
                || seats.described(
                                TokenizerFamily.class,
                                plan.seat().id(),
                                plan.seat().versions())
                        .isEmpty()) {
            return Optional.empty();
        }
        Seats.Plugged<?> family = seats.get(TokenizerFamily.class, plan.seat().id());
        return Optional.of(
                family.occupant().give("was restored", () -> ((TokenizerFamily<?>) family.plugin()).restore(state)));
    }
}
