package org.kolotoc.engine.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProblemsTest {
    /** Who typed an option reads options, who wrote a field reads fields. */
    @Test
    void whatNobodyAskedForIsToldInTheWordsOfWhoSaidIt() {
        Problems problems = new Problems(
                "the line",
                "",
                path -> path.equals("$.samples.label") ? "--class" : path,
                Map.of("$.samples.length", "--length"));
        problems.addUnknown("$.samples", "label", List.of("batch", "length"));
        problems.addUnknown("$.samples", "lenght", List.of("batch", "length"));
        assertEquals(
                List.of(
                        "--class: does not fit here; expected one of --length",
                        "$.samples.lenght: there is no such field; did you mean 'length'? (known: batch, length)"),
                problems.faults().stream().map(Problems.Fault::sentence).toList());
    }
}
