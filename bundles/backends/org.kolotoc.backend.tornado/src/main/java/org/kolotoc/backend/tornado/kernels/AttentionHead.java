package org.kolotoc.backend.tornado.kernels;

import org.kolotoc.backend.tornado.kernels.TileProduct.Rows;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.Matrix;

/** One head of an attention in the code of a group: where its matrices lie, and what its queries see. */
final class AttentionHead {
    private final Code code;
    private final Launch.Heads heads;
    private final Operand number;
    private final Operand outer;
    private final Operand inner;
    /** How many keys there are at all. */
    private final Operand keys;
    /** How many keys query 0 sees, if there are so many; less than none where the first queries see nothing. */
    private final Operand first;

    private final Rows queryRows;
    private final Rows keyRows;
    private final Rows valueRows;

    /** @param number of the head in its batch */
    AttentionHead(Code code, Launch.Heads heads, Operand number) {
        this.code = code;
        this.heads = heads;
        this.number = number;
        int extent = heads.batch().get(1);
        this.outer = code.div(number, Operand.of(extent));
        this.inner = code.sub(number, code.mul(outer, Operand.of(extent)));
        this.queryRows = rows("queries", heads.queries(), heads.m(), heads.d());
        this.keyRows = rows("keys", heads.keys(), heads.n(), heads.d());
        this.valueRows = rows("values", heads.values(), heads.n(), heads.e());
        this.keys = heads.lengths() == null
                ? Operand.of(heads.n())
                : clamp(code.load(heads.lengths().buffer(), base("lengths", heads.lengths())), 0);
        this.first = heads.starts() == null
                ? Operand.of(1)
                : code.add(
                        clamp(code.load(heads.starts().buffer(), base("starts", heads.starts())), -heads.m()),
                        Operand.of(1));
    }

    private Operand clamp(Operand number, int least) {
        Operand some = code.select(code.less(number, Operand.of(least)), Operand.of(least), number);
        return code.atMost(some, Operand.of(heads.n()));
    }

    Rows queries() {
        return queryRows;
    }

    Rows keys() {
        return keyRows;
    }

    Rows values() {
        return valueRows;
    }

    /** Another matrix of the head. */
    Rows rows(String name, Matrix matrix, int count, int width) {
        Operand stride = code.parameter(name + " row", matrix.row());
        return new Rows(matrix.buffer(), base(name, matrix), stride, count, width);
    }

    private Operand base(String name, Matrix matrix) {
        Operand ofOuter = code.mul(
                outer, code.parameter(name + " outer", matrix.batchStrides().get(0)));
        Operand ofInner = code.mul(
                inner, code.parameter(name + " inner", matrix.batchStrides().get(1)));
        return code.add(code.place(matrix.buffer(), matrix.offset()), code.add(ofOuter, ofInner));
    }

    Launch.Heads shape() {
        return heads;
    }

    /** Number of a query among those of all heads. */
    Operand query(Operand query) {
        return code.add(code.mul(number, Operand.of(heads.m())), query);
    }

    /** Keys that a query sees are those before this one; none where it is no key. */
    Operand seen(Operand query) {
        if (!heads.causal()) {
            return keys;
        }
        Operand before = code.add(first, query);
        // What is always true TornadoVM does not translate; rows behind the last query may see what is no key.
        return heads.isRagged() || heads.m() > heads.n() ? code.atMost(before, keys) : before;
    }

    /** One beyond the keys that some of {@code count} queries see; the last of them sees most. */
    Operand lastKey(Operand query, int count) {
        return seen(code.atMost(code.add(query, Operand.of(count - 1)), Operand.of(heads.m() - 1)));
    }

    /** The first query that sees a key, or any behind it; beyond all queries if none does. */
    Operand firstQuery(Operand key) {
        Operand none = Operand.of(heads.m());
        Operand query = Operand.of(0);
        if (heads.causal()) {
            Operand before = code.add(code.sub(key, first), Operand.of(1));
            query = code.select(code.less(before, Operand.of(0)), Operand.of(0), before);
        }
        return heads.lengths() == null ? query : code.select(code.less(key, keys), query, none);
    }

    /** The score of a product, {@code -infinity} where the key is hidden. */
    Operand score(Operand product, Operand key, Operand seen) {
        Operand score = code.mul(product, Operand.of((float) heads.scale()));
        return code.select(code.less(key, seen), score, Operand.of(Float.NEGATIVE_INFINITY));
    }

    /** A weight of scores, by the largest of its row and the inverse of the sum of what all are then. */
    Operand weight(Operand score, Operand largest, Operand inverse) {
        return code.mul(code.math("exp", code.sub(score, largest)), inverse);
    }

    /** What a product is sent for what its weight is sent, and the mean of that over its row. */
    Operand sent(Operand weight, Operand toWeight, Operand mean) {
        Operand scaled = code.mul(weight, Operand.of((float) heads.scale()));
        return code.mul(scaled, code.sub(toWeight, mean));
    }
}
