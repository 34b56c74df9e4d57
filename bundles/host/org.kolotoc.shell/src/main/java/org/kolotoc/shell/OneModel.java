package org.kolotoc.shell;

import java.util.Set;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Nearest;

/** Which model of a run a command is about. */
final class OneModel {
    /** Names it. */
    static final String OPTION = "--model";

    private OneModel() {}

    /**
     * Sees that there is one; what is wrong with it is told of the option, where that was typed.
     *
     * @throws InputError when the run has several and the line names none, or one that is not there
     */
    static void require(ExperimentFile file, Line line) {
        file.typed("samples.model", line.has(OPTION) ? OPTION : "the model of the run");
        Experiment experiment = file.copy().untrained();
        Set<String> there = experiment.allModels().keySet();
        String known = String.join(", ", there);
        String next = "say which: " + OPTION + " " + there.iterator().next();
        if (!line.has(OPTION) && there.size() > 1) {
            if (experiment.tokenizer() == null) {
                throw InputError.of(
                        "the run has no text model: it has no tokenizer, and the models " + known,
                        "give the folder of a run that learned to write; what this one draws: ./kolotoc sample --help");
            }
            throw InputError.of("the run has several models: " + known, next);
        }
        line.text(OPTION).filter(name -> !there.contains(name)).ifPresent(name -> {
            throw InputError.of(
                    "there is no model '" + name + "'" + Nearest.hint(name, there) + " (there is " + known + ")", next);
        });
    }
}
