package org.kolotoc.bench;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.DoubleAdder;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;

/**
 * A backend that counts the operations of what runs on it, as a run's {@code cost/step} does.
 *
 * @param counted of all runs so far, see {@link Program#flops}
 */
record CountedBackend(Backend backend, DoubleAdder counted) implements ForwardingBackend {
    CountedBackend(Backend backend) {
        this(backend, new DoubleAdder());
    }

    @Override
    public Executable compile(Program program) {
        return new Counted(backend.compile(program), program.flops(), counted);
    }

    private record Counted(Executable executable, double flops, DoubleAdder counted) implements Executable {
        @Override
        public Step bind(Map<String, Buffer> buffers) {
            Step step = executable.bind(buffers);
            return new Step() {
                @Override
                public void run() {
                    step.run();
                    counted.add(flops);
                }

                @Override
                public void run(long[] nanoseconds) {
                    step.run(nanoseconds);
                    counted.add(flops);
                }
            };
        }

        @Override
        public Explanation explain() {
            return executable.explain();
        }

        @Override
        public Optional<String> source(String kernel) {
            return executable.source(kernel);
        }

        @Override
        public void close() {
            executable.close();
        }
    }
}
