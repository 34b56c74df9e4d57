package org.kolotoc.backend.tornado.kernels;

import java.util.Set;
import org.kolotoc.backend.tornado.kernels.TileProduct.Rows;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.Op.AttentionPart;

/** The code of a group that has all queries and keys of a head, and finds what all are sent. */
record AttentionHeadGradient(Code code, AttentionHead head, Launch.AttentionGradient launch, AttentionTile tile) {
    void write() {
        Launch.Heads heads = launch.heads();
        Rows cotangent = head.rows("cotangent", launch.cotangent(), heads.m(), heads.e());
        Operand none = Operand.of(0);
        AttentionQueries queries = new AttentionQueries(code, head, tile, none);
        TileProduct products = queries.products();
        GroupMemory scores = tile.scores(code);
        boolean centred = !launch.gradients().keySet().equals(Set.of(AttentionPart.VALUES));
        RowMeans means = centred ? new RowMeans(code, queries, tile) : null;
        Operand.Local[][] weights = queries.scores(none);
        Operand[] rescale = queries.softmax().next(weights);
        queries.softmax().end();
        Operand[] inverses = queries.inverses();
        Matrix toValues = launch.gradients().get(AttentionPart.VALUES);
        if (toValues != null) {
            Operand.Local[][] normal = new Operand.Local[weights.length][weights[0].length];
            for (int i = 0; i < normal.length; i++) {
                for (int j = 0; j < normal[i].length; j++) {
                    normal[i][j] = code.variable(code.mul(weights[i][j], inverses[i]));
                }
            }
            products.put(normal, scores, tile.line());
            byKeys(products, scores, cotangent, head.rows("to values", toValues, heads.n(), heads.e()));
        }
        if (!centred) {
            return;
        }
        Operand.Local[][] toWeights = queries.toWeights(cotangent, none);
        means.add(weights, toWeights, rescale);
        means.end();
        for (int i = 0; i < weights.length; i++) {
            Operand mean = means.of(products.row(i));
            for (int j = 0; j < weights[i].length; j++) {
                Operand weight = code.mul(weights[i][j], inverses[i]);
                code.assign(weights[i][j], head.sent(weight, toWeights[i][j], mean));
            }
        }
        products.put(weights, scores, tile.line());
        Matrix toQueries = launch.gradients().get(AttentionPart.QUERIES);
        if (toQueries != null) {
            Operand.Local[][] sums = products.zeros(queries.block(), TileProduct.block(heads.d()));
            products.inner(scores, tile.line(), 1, tile.columns(), head.keys(), none, sums);
            products.write(head.rows("to queries", toQueries, heads.m(), heads.d()), none, sums);
        }
        Matrix toKeys = launch.gradients().get(AttentionPart.KEYS);
        if (toKeys != null) {
            byKeys(products, scores, head.queries(), head.rows("to keys", toKeys, heads.n(), heads.d()));
        }
    }

    /** Writes what keys are sent by the scores in local memory, times rows of the queries. */
    private void byKeys(TileProduct products, GroupMemory scores, Rows ofQueries, Rows to) {
        Operand.Local[][] sums =
                products.zeros(TileProduct.block(tile.columns()), TileProduct.block(ofQueries.width()));
        products.inner(scores, 1, tile.line(), tile.rows(), ofQueries, Operand.of(0), sums);
        products.write(to, Operand.of(0), sums);
    }
}
