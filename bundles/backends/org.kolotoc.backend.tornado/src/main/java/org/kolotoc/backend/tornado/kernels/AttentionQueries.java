package org.kolotoc.backend.tornado.kernels;

import org.kolotoc.backend.tornado.kernels.TileProduct.Rows;

/** A tile of queries in the code of a group, and the keys that these see. */
final class AttentionQueries {
    private final Code code;
    private final AttentionHead head;
    private final AttentionTile tile;
    private final Operand first;
    private final Operand[] seen;
    private final TileProduct products;
    private final RunningSoftmax softmax;

    /** @param first number of the first query */
    AttentionQueries(Code code, AttentionHead head, AttentionTile tile, Operand first) {
        this.code = code;
        this.head = head;
        this.tile = tile;
        this.first = first;
        this.products = tile.products(code, head.shape());
        this.softmax = new RunningSoftmax(code, products, tile.rows());
        this.seen = new Operand[TileProduct.block(tile.rows())];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = head.seen(code.add(first, products.row(i)));
        }
    }

    /** The first query of a tile; tiles of the last, which see most, come first, where groups begin in order. */
    static Operand first(Code code, AttentionHead head, AttentionTile tile, Operand number) {
        Operand last = Operand.of(Math.ceilDiv(head.shape().m(), tile.rows()) - 1);
        return code.mul(code.sub(last, number), Operand.of(tile.rows()));
    }

    TileProduct products() {
        return products;
    }

    RunningSoftmax softmax() {
        return softmax;
    }

    /** Rows of an item. */
    int block() {
        return seen.length;
    }

    /** One beyond the last key that is seen. */
    Operand end() {
        return head.lastKey(first, tile.rows());
    }

    /** Scores {@code [query, key]} of keys from one on, {@code -infinity} where they are hidden. */
    Operand.Local[][] scores(Operand key) {
        Operand.Local[][] scores = products.outer(head.queries(), first, tile.rows(), head.keys(), key, tile.columns());
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores[i].length; j++) {
                Operand.Local score = scores[i][j];
                code.assign(score, head.score(score, code.add(key, products.column(j)), seen[i]));
            }
        }
        return scores;
    }

    /** What the weights of keys from one on are sent, {@code [query, key]}. */
    Operand.Local[][] toWeights(Rows cotangent, Operand key) {
        return products.outer(cotangent, first, tile.rows(), head.values(), key, tile.columns());
    }

    /** Multiplies rows. */
    void scale(Operand.Local[][] block, Operand[] factors) {
        for (int i = 0; i < block.length; i++) {
            for (Operand.Local value : block[i]) {
                code.assign(value, code.mul(value, factors[i]));
            }
        }
    }

    /** Of each row of an item. */
    Operand[] inverses() {
        Operand[] inverses = new Operand[block()];
        for (int i = 0; i < inverses.length; i++) {
            inverses[i] = softmax.inverse(products.row(i));
        }
        return inverses;
    }
}
