package org.kolotoc.engine.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.api.claim.Trial;
import org.kolotoc.engine.experiment.Criterion;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Timeline;
import org.kolotoc.engine.folder.MetricsReader;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.judge.Evaluations;
import org.kolotoc.engine.judge.Verdict;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.engine.suite.Row;

/**
 * What the folder of a finished run says.
 *
 * @param name of the run: side and seed
 * @param diverged whether it ended in numbers that are not finite
 * @param outcome for claims
 * @param secondsPerThousand of its samples, by name
 */
record RunRecord(
        String name, Path folder, boolean diverged, Trial.Outcome outcome, Map<String, Double> secondsPerThousand) {
    /**
     * Reads a run.
     *
     * @param row what became of it
     * @param expected the experiment that it has to be of
     * @param asked what it has to meet; its own criteria, as they were judged, if there are none
     * @throws InputError when the folder is no run's, one of another experiment, or has lost what the run measured
     */
    static RunRecord of(String name, Path folder, Row row, ExperimentFile expected, List<Criterion> asked)
            throws IOException {
        RunFolder.inspect(folder);
        if (!ExperimentFile.read(folder.resolve(RunFolder.EXPERIMENT)).trainsAs(expected)) {
            throw InputError.of(
                    folder + " is the run of another experiment than " + name + " of the comparison",
                    "put the run back that was there, or run all anew in another folder: --out <folder>");
        }
        Evaluations evaluations = new Evaluations();
        MetricsReader.read(folder.resolve(MetricsReader.FILE), (line, _) -> {
            if (line.evaluation()) {
                evaluations.at(line.step(), line.phase()).putAll(line.measures());
            }
        });
        boolean diverged = Status.last(folder).state().equals(Optional.of(Status.State.DIVERGED));
        if (!diverged && evaluations.each().isEmpty()) {
            throw InputError.of(
                    folder + " " + lost(folder.resolve(MetricsReader.FILE))
                            + ", though the run finished; expected what " + name + " measured",
                    "put the file back as the run wrote it; or remove " + folder
                            + ", then type the command again, which trains it anew");
        }
        boolean missed = asked.isEmpty()
                ? !row.state().isWell()
                : Verdict.of(asked, Timeline.of(expected.experiment()), evaluations, Map.of())
                                .outcome()
                        == Verdict.Outcome.NOT_MET;
        return new RunRecord(
                name,
                folder,
                diverged,
                new Trial.Outcome(diverged || missed, diverged ? List.of() : evaluations.each()),
                Status.sampling(folder));
    }

    private static String lost(Path metrics) throws IOException {
        if (!Files.exists(metrics)) {
            return "has no " + MetricsReader.FILE;
        }
        return MetricsReader.FILE + (Files.size(metrics) == 0 ? " is empty" : " has no evaluation");
    }

    /**
     * Hash of a model's weights as the run left them.
     *
     * @throws InputError when it has no checkpoint
     */
    String hash(String model) throws IOException {
        return Snapshot.hash(
                new Checkpoints(folder).read(Optional.empty()).snapshot().of(model));
    }
}
