package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** What is wrong with a vector is noticed, and what is not evaluated has a reason that is not its name. */
class OperatorVectorsTest {
    @TempDir
    Path folder;

    private static String vector(String op, String attributes, String inputs, String outputs) {
        return "{\"name\": \"test\", \"op\": \"%s\", \"attributes\": {%s}, \"inputs\": [%s], \"outputs\": [%s]}"
                .formatted(op, attributes, inputs, outputs);
    }

    private static String tensor(int slot, String dtype, String shape, String data) {
        return "{\"slot\": %d, \"name\": \"t%d\", \"dtype\": \"%s\", \"shape\": %s, \"data\": %s}"
                .formatted(slot, slot, dtype, shape, data);
    }

    private static String relu(String output) {
        return vector("Relu", "", tensor(0, "float32", "[2]", "[-1, 2]"), output);
    }

    private Path file(String... vectors) throws IOException {
        Path file = folder.resolve("vectors.jsonl.gz");
        try (Writer writer =
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8)) {
            for (String vector : vectors) {
                writer.write(vector + "\n");
            }
        }
        return file;
    }

    private OperatorVectors evaluated(String... vectors) throws IOException {
        return OperatorVectors.of(file(vectors), new ReferenceBackend(), _ -> true);
    }

    private void fault(String expected, String vector) throws IOException {
        OperatorVectors evaluated = evaluated(vector);
        assertEquals(1, evaluated.faults().size(), () -> "no fault " + expected);
        assertTrue(evaluated.faults().getFirst().contains(expected), evaluated.faults()::toString);
    }

    private void notCovered(String reason, String vector) throws IOException {
        OperatorVectors evaluated = evaluated(vector);
        assertEquals(0, evaluated.covered());
        assertEquals(Map.of(reason, 1), evaluated.reasons());
        assertEquals(List.of(), evaluated.faults());
    }

    @Test
    void whatAgreesIsCovered() throws IOException {
        OperatorVectors evaluated = evaluated(relu(tensor(0, "float32", "[2]", "[0, 2]")));
        assertEquals(new OperatorVectors(1, 1, 1, Map.of(), List.of()), evaluated);
        assertTrue(evaluated.summary("reference", 0).contains("1 of 1 covered (another file: no floor), 1 run"));
        assertTrue(evaluated.summary("reference", 7).contains("at least 7"));
    }

    @Test
    void anotherNumberTypeOrShapeIsAFault() throws IOException {
        fault("element 1 is 2.0 instead of 2.000123", relu(tensor(0, "float32", "[2]", "[0, 2.000123]")));
        fault("element 0 is 0.0 instead of NaN", relu(tensor(0, "float32", "[2]", "[\"nan\", 2]")));
        fault("shape [2] instead of [2, 1]", relu(tensor(0, "float32", "[2, 1]", "[0, 2]")));
        fault("shape [2] instead of [3]", relu(tensor(0, "float32", "[3]", "[0, 2, 0]")));
        fault("f32 instead of int64", relu(tensor(0, "int64", "[2]", "[0, 2]")));
    }

    @Test
    void whatIsRefusedIsAFault() throws IOException {
        String x = tensor(0, "float32", "[1]", "[0]");
        fault("axis 5", vector("Concat", "\"axis\": 5", x + "," + tensor(1, "float32", "[1]", "[0]"), x));
    }

    @Test
    void everyOutputIsCompared() throws IOException {
        String x = tensor(0, "float32", "[4]", "[1, 2, 3, 4]");
        String first = tensor(0, "float32", "[2]", "[1, 2]");
        fault(
                "output t1: element 1 is 4.0 instead of 5.0",
                vector("Split", "", x, first + "," + tensor(1, "float32", "[2]", "[3, 5]")));
        notCovered("Tanh: output t1", vector("Tanh", "", x, first + "," + tensor(1, "float32", "[2]", "[3, 4]")));
    }

    @Test
    void whatIsNotExpressedIsNotCovered() throws IOException {
        String x = tensor(0, "float32", "[1]", "[0]");
        notCovered("Frobnicate: no row for this operator", vector("Frobnicate", "", x, x));
        notCovered("Relu: attribute slope", vector("Relu", "\"slope\": 2", x, x));
        notCovered("Relu: input t1", vector("Relu", "", x + "," + tensor(1, "float32", "[1]", "[0]"), x));
        notCovered("Relu: type float16", vector("Relu", "", tensor(0, "float16", "[1]", "[0]"), x));
        String large = tensor(0, "int64", "[1]", "[3000000000]");
        notCovered("Transpose: numbers of more than 32 bits", vector("Transpose", "", large, x));
    }

    @Test
    void numbersOfFewDecimalsAreHeldToThem() throws IOException {
        String x = tensor(0, "float32", "[2]", "[0.15105554, 0.25]");
        String rounded = vector("Relu", "", x, tensor(0, "float32", "[2]", "[0.1511, 0.25]"));
        assertEquals(List.of(), evaluated(rounded).faults());
        fault("element 0", vector("Relu", "", x, tensor(0, "float32", "[2]", "[0.1512, 0.25]")));
        fault("element 0", vector("Relu", "", x, tensor(0, "float32", "[2]", "[0.1511, 0.2500013]")));
    }

    /** What a suite leaves to another on the same code is covered nevertheless. */
    @Test
    void whatIsOfNoConcernIsCoveredAndNotRun() throws IOException {
        OperatorVectors evaluated = OperatorVectors.of(
                file(relu(tensor(0, "float32", "[2]", "[0, 3]"))), new ReferenceBackend(), _ -> false);
        assertEquals(new OperatorVectors(1, 1, 0, Map.of(), List.of()), evaluated);
    }

    @Test
    void aFileThatIsAnotherHasNoFloor() throws IOException {
        assertEquals(0, OperatorVectors.floor(file(relu(tensor(0, "float32", "[2]", "[0, 2]")))));
    }
}
