package org.kolotoc.engine.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Model;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.check.Wirings;
import org.kolotoc.engine.data.DataPlaces;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.StartPlan;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.ledger.RunLedger;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Checkpoints.Checkpoint;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.engine.state.NonFinite;
import org.kolotoc.engine.state.Snapshot;

/** Weights of other runs that models begin with. */
record Starts(
        DataPlaces places,
        Map<String, StartPlan> plans,
        Wirings wirings,
        SizedModels sized,
        SameTokens tokens,
        Environment.Made made,
        RunLedger ledger,
        Problems problems) {
    private static final String WHO = "the experiment";

    /**
     * Hands them to the state, before models are declared.
     *
     * @param goesOn whether the state is that of a run that began with them already
     */
    void load(Map<String, Model> models, LiveState state, boolean goesOn) {
        if (goesOn) {
            return;
        }
        plans.forEach((name, plan) -> {
            try {
                state.start(name, tensors(name, plan, models.get(name)));
            } catch (InputError e) {
                problems.add(
                        "$.start." + name + (e.field().isEmpty() ? "" : "." + e.field()),
                        e.getMessage() + (e.next().isEmpty() ? "" : "\n    " + e.next()));
            }
        });
        problems.refuse();
    }

    private Map<String, Snapshot.Entry> tensors(String name, StartPlan plan, Model model) {
        if (plan.run().isBlank()) {
            throw InputError.field("run", "is empty; expected the folder of a run");
        }
        Path run = folder(plan.run());
        RunFolder.look(run);
        Checkpoint checkpoint =
                new Checkpoints(run).read(plan.step() < 0 ? Optional.empty() : Optional.of(plan.step()));
        if (!plan.sha256().isEmpty() && !plan.sha256().equalsIgnoreCase(checkpoint.sha256())) {
            throw InputError.field(
                    "sha256",
                    "is " + plan.sha256() + ", but the tensors of " + checkpoint.path() + " have " + checkpoint.sha256()
                            + "; expected the hash of the weights that are meant");
        }
        tokens.require(run, checkpoint);
        String other = plan.model().isEmpty() ? name : plan.model();
        Map<String, Snapshot.Entry> tensors = checkpoint.snapshot().of(other);
        if (tensors.isEmpty()) {
            throw InputError.field(
                    "model",
                    "there is no model '" + other + "' in " + checkpoint.path()
                            + Nearest.hint(other, checkpoint.snapshot().owners()) + " (it has "
                            + String.join(", ", checkpoint.snapshot().owners()) + ")");
        }
        Optional<LearnedFor> learned = learned(name, run, other, tensors.keySet());
        learned.filter(found -> !found.isOfOneFamily()).ifPresent(found -> {
            throw InputError.of(
                    found.otherFamily("'" + other + "' of " + checkpoint.path()),
                    "use the settings that run was made with: " + run.resolve(RunFolder.EXPERIMENT));
        });
        Unpadded unpadded = unpadded(checkpoint);
        boolean hasAll = tokens.hasAllOf(run, checkpoint);
        Begun begun = Begun.of(model, hasAll ? unpadded.of(model, tensors) : tensors);
        if (!begun.faults().isEmpty()) {
            boolean more = unpadded.there() > unpadded.here();
            throw InputError.of(
                    "'" + other + "' of " + checkpoint.path() + " is another model:\n    "
                            + String.join("\n    ", begun.faults()) + (more ? "\n    " + unpadded : ""),
                    more && checkpoint.tokenizer() == null
                            ? "import it with its tokenizer beside it: tokens that this one lacks are left out then"
                            : "use the settings that run was made with: " + run.resolve(RunFolder.EXPERIMENT));
        }
        requireFinite(run, other, checkpoint, begun);
        learned.ifPresent(found -> found.note(run.toString(), "$.start." + name, ledger));
        // What was imported has no lock.
        if (!experiment(run).phases().isEmpty()) {
            made.otherwise(run, sized.ref(name).id())
                    .ifPresent(what -> ledger.note(Ledger.Kind.OTHER_CODE, WHO, "$.start." + name, what));
        }
        note(name, begun, checkpoint);
        List<String> cut = begun.tensors().keySet().stream()
                .filter(tensor -> begun.tensors().get(tensor) != tensors.get(tensor))
                .toList();
        if (!cut.isEmpty()) {
            ledger.note(
                    Ledger.Kind.SKIPPED,
                    WHO,
                    "$.start." + name,
                    unpadded + ": the others stand for no text, and are left out of " + String.join(", ", cut));
        }
        return begun.tensors();
    }

    /** Nothing where the experiment of that run does not say what its model is. */
    private Optional<LearnedFor> learned(String name, Path run, String other, Set<String> weights) {
        return Optional.ofNullable(experiment(run).allModels().get(other))
                .map(plan -> sized.beside(name, plan.seat(), weights));
    }

    private static Experiment experiment(Path run) {
        return ExperimentFile.read(run.resolve(RunFolder.EXPERIMENT)).untrained();
    }

    /** A model here has the tokens of its tokenizer; a published one may have more, to a round number. */
    private Unpadded unpadded(Checkpoint checkpoint) {
        int there = checkpoint.dimensions().orElse(Map.of()).getOrDefault("vocab", 0);
        return new Unpadded(there, tokens.here().map(Tokenizer::vocab).orElse(there));
    }

    /** Nothing can be learned from such weights, and a loss that is not finite would not tell where it came from. */
    private static void requireFinite(Path run, String model, Checkpoint checkpoint, Begun begun) {
        Map<String, String> found;
        try {
            found = NonFinite.in(begun.tensors());
        } catch (IOException e) {
            throw InputError.of(
                    checkpoint.path() + " can't be read any more: " + Printable.reason(e),
                    "see that nothing changes or removes it, then run the command again",
                    e);
        }
        if (!found.isEmpty()) {
            List<Long> earlier = new Checkpoints(run)
                    .steps().stream().filter(step -> step < checkpoint.step()).toList();
            throw InputError.of(
                    "'" + model + "' of " + checkpoint.path() + " has weights that are no finite numbers:\n    "
                            + found.entrySet().stream()
                                    .map(tensor -> "'" + tensor.getKey() + "' is first " + tensor.getValue())
                                    .collect(Collectors.joining("\n    ")),
                    earlier.isEmpty()
                            ? "begin with another run"
                            : "begin with an earlier checkpoint: \"step\": " + earlier.getLast());
        }
    }

    /** Heads are those of the model, not of its past. */
    private void note(String name, Begun begun, Checkpoint checkpoint) {
        if (!begun.fresh().isEmpty()) {
            wirings.believing(name).ifPresent(phase -> {
                throw InputError.of(
                        checkpoint.path() + " has no " + String.join(", ", begun.fresh())
                                + ": these weights of '" + name + "' are fresh, and "
                                + phase.seat().occupant() + " (" + phase.plan().path()
                                + ") takes the word of that model before a phase has trained it",
                        "put a phase before that trains '" + name + "', or begin with a run whose model has these");
            });
            ledger.note(
                    Ledger.Kind.FALLBACK,
                    WHO,
                    "$.start." + name,
                    checkpoint.path() + " has no " + String.join(", ", begun.fresh()) + ": fresh weights");
        }
        if (!begun.leftOut().isEmpty()) {
            ledger.note(
                    Ledger.Kind.SKIPPED,
                    WHO,
                    "$.start." + name,
                    "the model has no " + String.join(", ", begun.leftOut()) + ", which " + checkpoint.path()
                            + " has: left out");
        }
    }

    private Path folder(String run) {
        Path beside = places.origin().folder().resolve(run).normalize();
        Path here = Path.of(run).toAbsolutePath().normalize();
        Path found = Files.isDirectory(beside) ? beside : here;
        if (!Files.isDirectory(found)) {
            throw InputError.field(
                    "run",
                    "is no folder: "
                            + (beside.equals(here)
                                    ? here + " is not there"
                                    : "neither " + beside + " nor " + here + " is there"));
        }
        return found;
    }
}
