package org.kolotoc.backend.tornado.kernels;

import org.kolotoc.backend.tornado.kernels.PlanKernels.Place;
import org.kolotoc.compiler.Launch;

/** What the gradient by keys needs of each query of an attention: three numbers, from another launch. */
final class KeptRows {
    /** The numbers. */
    enum Kind {
        /** The largest score. */
        LARGEST,
        /** One over the sum of what weights are relative to the largest. */
        INVERSE,
        /** The mean of what weights are sent. */
        MEAN
    }

    private final Code code;
    private final AttentionHead head;
    private final DeviceMemory memory;
    private final Operand base;

    KeptRows(Code code, AttentionHead head, Place place) {
        this.code = code;
        this.head = head;
        this.memory = place.memory();
        this.base = code.parameter("kept", place.offset());
    }

    /** How many numbers there are in all. */
    static long elements(Launch.Heads heads) {
        return Kind.values().length * queries(heads);
    }

    private static long queries(Launch.Heads heads) {
        return (long) AttentionTile.heads(heads) * heads.m();
    }

    Operand load(Kind kind, Operand query) {
        return code.load(memory, at(kind, query));
    }

    void store(Kind kind, Operand query, Operand value) {
        code.store(memory, at(kind, query), value);
    }

    private Operand at(Kind kind, Operand query) {
        Operand first = code.add(base, Operand.of((int) (kind.ordinal() * queries(head.shape()))));
        return code.add(first, head.query(query));
    }
}
