package org.kolotoc.engine.probe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.kolotoc.api.Sample;
import org.kolotoc.api.probe.Derivation;
import org.kolotoc.api.probe.Observed;
import org.kolotoc.api.probe.ProbeContext;
import org.kolotoc.api.probe.Reading;
import org.kolotoc.api.probe.Readings;
import org.kolotoc.engine.fill.ProbeSeat;
import org.kolotoc.engine.prepare.Beside;
import org.kolotoc.engine.prepare.Prepared;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;

/** Where a probe looks into a program: the program that it derived, and what it makes of that. */
final class Spot implements AutoCloseable {
    private final String program;
    private final Prepared prepared;
    private final Map<String, String> outputs;
    private final Optional<Beside> beside;
    private final Reading reading;

    private Spot(
            String program, Prepared prepared, Map<String, String> outputs, Optional<Beside> beside, Reading reading) {
        this.program = program;
        this.prepared = prepared;
        this.outputs = outputs;
        this.beside = beside;
        this.reading = reading;
    }

    /**
     * Lets a probe look at a program, and compiles what it derives of it.
     *
     * @param models below whose names there are weights
     * @return empty where it finds nothing
     */
    static Optional<Spot> of(ProbeSeat seat, String name, Prepared prepared, Set<String> models, Backend backend) {
        Look look = new Look(name, prepared, models, backend, new Derivation(prepared.program()));
        return seat.prepare(look).map(reading -> {
            Map<String, String> outputs = look.derivation().outputs();
            return new Spot(
                    name,
                    prepared,
                    outputs,
                    outputs.isEmpty()
                            ? Optional.empty()
                            : Optional.of(prepared.beside(look.derivation().program(), backend)),
                    reading);
        });
    }

    private record Look(String name, Prepared prepared, Set<String> models, Backend backend, Derivation derivation)
            implements ProbeContext {
        @Override
        public Program program() {
            return prepared.program();
        }

        @Override
        public Tensor of(Tensor node) {
            return derivation.of(node);
        }

        @Override
        public void output(String output, Tensor value) {
            derivation.output(output, value);
        }

        @Override
        public boolean isWeight(String state) {
            int slash = state.indexOf('/');
            return slash > 0 && models.contains(state.substring(0, slash));
        }

        @Override
        public Explanation explain() {
            return prepared.explain();
        }

        @Override
        public Backend.Memory memory() {
            return backend.memory();
        }
    }

    /** Bytes that it takes. */
    long bytes() {
        return beside.map(Beside::bytes).orElse(0L);
    }

    String program() {
        return program;
    }

    Prepared prepared() {
        return prepared;
    }

    /**
     * What was read.
     *
     * @param pictures by name
     */
    record Read(Map<String, Double> values, Map<String, Sample> pictures) {}

    /** Reads what the program is about to run on. */
    Read read() {
        Map<String, Double> values = new LinkedHashMap<>();
        Map<String, Sample> pictures = new LinkedHashMap<>();
        beside.ifPresent(Beside::run);
        Observed observed = this::buffer;
        reading.read(observed, new Readings() {
            @Override
            public void put(String name, double value) {
                values.put(name, value);
            }

            @Override
            public void picture(String name, Sample picture) {
                pictures.put(name, picture);
            }
        });
        return new Read(values, pictures);
    }

    private Buffer buffer(String output) {
        String actual = outputs.get(output);
        if (actual == null) {
            throw new IllegalArgumentException(
                    "the probe's program has no output '" + output + "', only " + outputs.keySet());
        }
        return beside.orElseThrow().output(actual);
    }

    @Override
    public void close() {
        beside.ifPresent(Beside::close);
    }
}
