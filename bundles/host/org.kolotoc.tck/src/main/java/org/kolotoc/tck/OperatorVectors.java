package org.kolotoc.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.kolotoc.tck.onnx.NotCovered;
import org.kolotoc.tck.onnx.OnnxVector;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * What a backend makes of the operator vectors of ONNX, beside what others say it has to be: type, shape and numbers of
 * every output.
 *
 * @param all vectors of the file
 * @param covered those of which operations express every output
 * @param tried those of them that were run here
 * @param reasons what the others lack, and how many do
 * @param faults a sentence for everything that differs
 */
record OperatorVectors(int all, int covered, int tried, Map<String, Integer> reasons, List<String> faults) {
    /** Covered so far, by the SHA-256 of a file. Of a file that is not here nobody knows what can be covered. */
    private static final Map<String, Integer> FLOORS =
            Map.of("722db8485367673cff8d28ffadb879e2dc9234d51bf8c553fa953da874a6c163", 449);

    /** The vectors were made in single precision, in another order of sums. */
    private static final double TOLERANCE = 2e-5;

    /**
     * Runs the vectors of a file.
     *
     * @param concerns whether a program is run, see {@link BackendConformance#concerns}
     */
    static OperatorVectors of(Path file, Backend backend, Predicate<Program> concerns) throws IOException {
        List<OnnxVector> vectors = OnnxVector.read(file);
        int covered = 0;
        int tried = 0;
        Map<String, Integer> reasons = new TreeMap<>();
        List<String> faults = new ArrayList<>();
        for (OnnxVector vector : vectors) {
            try {
                Program program = program(vector, new Tracer());
                covered++;
                if (concerns.test(program)) {
                    tried++;
                    faults.addAll(compared(vector, backend));
                }
            } catch (NotCovered reason) {
                reasons.merge(vector.op() + ": " + reason.getMessage(), 1, Integer::sum);
            } catch (RuntimeException e) {
                faults.add(vector.name() + ": " + e);
            }
        }
        return new OperatorVectors(vectors.size(), covered, tried, reasons, faults);
    }

    /** How many vectors of a file have to be covered: as many as ever were; 0 of a file that is another. */
    static int floor(Path file) throws IOException {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return FLOORS.getOrDefault(HexFormat.of().formatHex(hash), 0);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Program program(OnnxVector vector, Tracer tracer) throws NotCovered {
        for (Map.Entry<Integer, Tensor> output : vector.trace(tracer).entrySet()) {
            tracer.output("y" + output.getKey(), output.getValue());
        }
        return tracer.program();
    }

    private static List<String> compared(OnnxVector vector, Backend backend) throws NotCovered {
        Case test = Case.of(vector.name(), tracer -> {
            try {
                program(vector, tracer);
            } catch (NotCovered e) {
                throw new IllegalStateException(e);
            }
        });
        for (Map.Entry<Integer, OnnxVector.Value> input : vector.inputs().entrySet()) {
            double[] data = input.getValue().data();
            test = test.with("x" + input.getKey(), (_, index) -> data[index]);
        }
        Map<String, Tensor> outputs = new HashMap<>(test.program().outputs());
        Trial trial = Trial.of(test, backend);
        List<String> faults = new ArrayList<>();
        for (Map.Entry<Integer, OnnxVector.Value> output : vector.outputs().entrySet()) {
            String name = "y" + output.getKey();
            OnnxVector.Value expected = output.getValue();
            String fault =
                    difference(expected, outputs.get(name), trial.results().get(name));
            if (!fault.isEmpty()) {
                faults.add(vector.name() + ", output " + expected.name() + ": " + fault);
            }
        }
        return faults;
    }

    private static String difference(OnnxVector.Value expected, Tensor traced, Trial.Result actual) throws NotCovered {
        if (traced.dtype() != expected.type()) {
            return traced.dtype().label() + " instead of " + expected.dtype();
        }
        if (!traced.shape().equals(expected.shape())) {
            return "shape " + traced.shape() + " instead of " + expected.shape();
        }
        boolean whole = traced.dtype() != DType.F32;
        double written = written(expected.data());
        for (int i = 0; i < expected.data().length; i++) {
            double wanted = expected.data()[i];
            double got = whole ? actual.ints()[i] : actual.floats()[i];
            boolean same = Double.compare(wanted, got) == 0
                    || Math.abs(wanted - got) <= (whole ? 0 : TOLERANCE * Math.max(1, Math.abs(wanted)) + written);
            if (!same) {
                return "element " + i + " is " + got + " instead of " + wanted;
            }
        }
        return "";
    }

    /** What numbers may be off that were written down with four or five decimals; 0 of others. */
    private static double written(double[] numbers) {
        for (double unit = 1e-4; unit > 5e-6; unit /= 10) {
            double step = unit;
            if (Arrays.stream(numbers).allMatch(number -> Math.abs(number / step - Math.rint(number / step)) < 1e-6)) {
                return Arrays.stream(numbers).allMatch(number -> number == Math.rint(number)) ? 0 : unit / 2;
            }
        }
        return 0;
    }

    /** How many and why not all, for whoever reads a test's output. */
    String summary(String backend, int floor) {
        StringBuilder text = new StringBuilder(String.format(
                "ONNX vectors on %s: %d of %d covered (%s), %d run; not evaluated:%n",
                backend, covered, all, floor == 0 ? "another file: no floor" : "at least " + floor, tried));
        reasons.forEach((reason, count) -> text.append(String.format("  %3d  %s%n", count, reason)));
        return text.toString();
    }
}
