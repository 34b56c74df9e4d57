package org.kolotoc.backend.tornado.kernels;

import org.kolotoc.backend.tornado.kernels.PlanKernels.Place;
import org.kolotoc.backend.tornado.kernels.TileProduct.Rows;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.Op.AttentionPart;

/**
 * The code of a group that has a tile of keys and finds what these and their values are sent, by all queries that see them.
 *
 * @param rows what {@link AttentionQueriesGradient} has found of each query
 */
record AttentionKeysGradient(
        Code code, AttentionHead head, Launch.AttentionGradient launch, AttentionTile tile, Place rows) {
    /** @param number of the tile; the first keys are seen most */
    void write(Operand number) {
        Launch.Heads heads = launch.heads();
        Rows cotangent = head.rows("cotangent", launch.cotangent(), heads.m(), heads.e());
        KeptRows kept = new KeptRows(code, head, rows);
        Rows toKeys = wanted("to keys", AttentionPart.KEYS, heads.d());
        Rows toValues = wanted("to values", AttentionPart.VALUES, heads.e());
        Operand first = code.mul(number, Operand.of(tile.rows()));
        TileProduct products = tile.products(code, heads);
        // Weights, then what scores are sent, [query, key].
        GroupMemory scores = tile.scores(code);
        int block = TileProduct.block(tile.rows());
        Operand.Local[][] keySums = toKeys == null ? null : products.zeros(block, TileProduct.block(heads.d()));
        Operand.Local[][] valueSums = toValues == null ? null : products.zeros(block, TileProduct.block(heads.e()));
        code.loop(head.firstQuery(first), Operand.of(heads.m()), tile.columns(), query -> {
            Operand.Local[][] weights =
                    products.outer(head.keys(), first, tile.rows(), head.queries(), query, tile.columns());
            weigh(products, weights, kept, first, query);
            if (toValues != null) {
                products.put(weights, scores, tile.line());
                products.inner(scores, tile.line(), 1, tile.columns(), cotangent, query, valueSums);
            }
            if (toKeys != null) {
                Operand.Local[][] toWeights =
                        products.outer(head.values(), first, tile.rows(), cotangent, query, tile.columns());
                for (int j = 0; j < weights[0].length; j++) {
                    Operand mean = kept.load(KeptRows.Kind.MEAN, bounded(products, query, j));
                    for (int i = 0; i < block; i++) {
                        code.assign(weights[i][j], head.sent(weights[i][j], toWeights[i][j], mean));
                    }
                }
                products.put(weights, scores, tile.line());
                products.inner(scores, tile.line(), 1, tile.columns(), head.queries(), query, keySums);
            }
        });
        if (toKeys != null) {
            products.write(toKeys, first, keySums);
        }
        if (toValues != null) {
            products.write(toValues, first, valueSums);
        }
    }

    private Rows wanted(String name, AttentionPart part, int width) {
        Matrix matrix = launch.gradients().get(part);
        return matrix == null ? null : head.rows(name, matrix, launch.heads().n(), width);
    }

    /** Query of a column, the last of all where it is none. */
    private Operand bounded(TileProduct products, Operand query, int j) {
        return code.atMost(
                code.add(query, products.column(j)), Operand.of(launch.heads().m() - 1));
    }

    /** Makes weights of products; those of queries that are none are 0. */
    private void weigh(TileProduct products, Operand.Local[][] block, KeptRows kept, Operand first, Operand query) {
        for (int j = 0; j < block[0].length; j++) {
            Operand there = bounded(products, query, j);
            Operand largest = kept.load(KeptRows.Kind.LARGEST, there);
            Operand inverse = kept.load(KeptRows.Kind.INVERSE, there);
            Operand isQuery = code.less(
                    code.add(query, products.column(j)),
                    Operand.of(launch.heads().m()));
            Operand seen = code.select(isQuery, head.seen(there), Operand.of(0));
            for (int i = 0; i < block.length; i++) {
                Operand score = head.score(block[i][j], code.add(first, products.row(i)), seen);
                code.assign(block[i][j], head.weight(score, largest, inverse));
            }
        }
    }
}
