package org.kolotoc.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** A program on the reference backend with its buffers by name. */
final class Run {
    private final Map<String, Buffer> buffers = new HashMap<>();
    private final Executable.Step step;

    private Run(Program program) {
        ReferenceBackend backend = new ReferenceBackend();
        program.inputs().forEach((name, leaf) -> buffers.put(name, backend.allocate(leaf.dtype(), leaf.shape())));
        program.outputs().forEach((name, value) -> buffers.put(name, backend.allocate(value.dtype(), value.shape())));
        step = backend.compile(program).bind(buffers);
    }

    static Run of(Consumer<Tracer> trace) {
        Tracer tracer = new Tracer();
        trace.accept(tracer);
        return new Run(tracer.program());
    }

    /** Leaves of parameters, as states. */
    static Weights states(Tracer tracer, List<Parameter> parameters) {
        Map<String, Tensor> leaves = new HashMap<>();
        parameters.forEach(p -> leaves.put(p.name(), tracer.state(p.name(), p.dtype(), p.shape())));
        return leaves::get;
    }

    /** Gives parameters their first content. */
    Run initialise(List<Parameter> parameters, long seed) {
        for (Parameter parameter : parameters) {
            float[] values = new float[parameter.shape().size()];
            parameter.initializer().fill(values, seed, parameter.name());
            buffers.get(parameter.name()).write(values);
        }
        return this;
    }

    Run write(String name, double... values) {
        Buffer buffer = buffers.get(name);
        if (buffer.dtype() == DType.F32) {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            buffer.write(floats);
        } else {
            int[] ints = new int[values.length];
            for (int i = 0; i < ints.length; i++) {
                ints[i] = (int) values[i];
            }
            buffer.write(ints);
        }
        return this;
    }

    Run run() {
        step.run();
        return this;
    }

    float[] read(String name) {
        float[] values = new float[buffers.get(name).shape().size()];
        buffers.get(name).read(values);
        return values;
    }
}
