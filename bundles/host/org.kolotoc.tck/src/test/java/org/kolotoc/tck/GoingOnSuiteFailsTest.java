package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.IncrementalModel;
import org.opentest4j.AssertionFailedError;

/** The negative controls of the checks of models that go on from what they have read. */
class GoingOnSuiteFailsTest {
    private static final Settings.None NONE = new Settings.None();

    private static void fails(Executable test) {
        assertThrows(AssertionFailedError.class, test);
    }

    private static IncrementalChecks running(RunningSum.Fault fault) {
        return new IncrementalChecks(new RunningSum(5, 9, fault), 5);
    }

    @Test
    void aSoundModelThatGoesOnPasses() {
        for (IncrementalModel model : List.of(
                new RunningSum(5, 9, RunningSum.Fault.NONE),
                new RunningSum(5, 2, RunningSum.Fault.NONE),
                IncrementalModel.of(Toys.bigram(5)))) {
            new IncrementalChecks(model, 5).all().forEach(test -> assertDoesNotThrow(test.getExecutable()));
        }
    }

    @Test
    void aModelThatIgnoresThePositionsOfRowsFails() {
        fails(running(RunningSum.Fault.POSITIONS)::rowsGiveTheLogitsOfTheWholeText);
        fails(running(RunningSum.Fault.POSITIONS)::aRowIsTheSameAlone);
    }

    @Test
    void aModelThatReadsWhatPadsFails() {
        fails(running(RunningSum.Fault.PADDING)::whatPadsHasNoInfluence);
        fails(running(RunningSum.Fault.PADDING)::rowsGiveTheLogitsOfTheWholeText);
        fails(running(RunningSum.Fault.PADDING)::aRowThatReadsNothingRemembers);
    }

    @Test
    void aModelWhoseRowsDoNotChangePlacesFails() {
        running(RunningSum.Fault.ROWS).rowsGiveTheLogitsOfTheWholeText();
        fails(running(RunningSum.Fault.ROWS)::rowsChangePlaces);
    }

    @Test
    void aModelThatGoesOnFromAnotherTextFails() {
        running(RunningSum.Fault.BEGINNING).rowsGiveTheLogitsOfTheWholeText();
        fails(running(RunningSum.Fault.BEGINNING)::whatTheCacheHeldDoesNotMatter);
    }

    @Test
    void aModelThatGoesOnToOtherLogitsFails() {
        running(RunningSum.Fault.LOGITS).aRowIsTheSameAlone();
        fails(running(RunningSum.Fault.LOGITS)::rowsGiveTheLogitsOfTheWholeText);
    }
}
