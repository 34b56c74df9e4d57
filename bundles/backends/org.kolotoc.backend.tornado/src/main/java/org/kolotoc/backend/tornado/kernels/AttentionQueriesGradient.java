package org.kolotoc.backend.tornado.kernels;

import java.util.Set;
import org.kolotoc.backend.tornado.kernels.PlanKernels.Place;
import org.kolotoc.backend.tornado.kernels.TileProduct.Rows;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.Op.AttentionPart;

/**
 * The code of a group that has a tile of queries and finds what these are sent. It passes over the keys twice: what a score is
 * sent is a difference from the mean of its row, which has to be known before.
 *
 * @param rows where what {@link AttentionKeysGradient} needs of each query is kept
 */
record AttentionQueriesGradient(
        Code code, AttentionHead head, Launch.AttentionGradient launch, AttentionTile tile, Place rows) {
    /** @param number of the tile */
    void write(Operand number) {
        Launch.Heads heads = launch.heads();
        Rows cotangent = head.rows("cotangent", launch.cotangent(), heads.m(), heads.e());
        KeptRows kept = new KeptRows(code, head, rows);
        Matrix wanted = launch.gradients().get(AttentionPart.QUERIES);
        boolean centred = !launch.gradients().keySet().equals(Set.of(AttentionPart.VALUES));
        Operand first = AttentionQueries.first(code, head, tile, number);
        AttentionQueries queries = new AttentionQueries(code, head, tile, first);
        RunningSoftmax softmax = queries.softmax();
        RowMeans means = centred ? new RowMeans(code, queries, tile) : null;
        GroupMemory sent = wanted == null ? null : tile.scores(code);
        code.loop(Operand.of(0), queries.end(), tile.columns(), key -> {
            Operand.Local[][] weights = queries.scores(key);
            Operand[] rescale = softmax.next(weights);
            if (centred) {
                means.add(weights, queries.toWeights(cotangent, key), rescale);
            }
        });
        softmax.end();
        if (centred) {
            means.end();
        }
        softmax.ofRows(row -> {
            Operand query = code.add(first, row);
            code.when(code.less(query, Operand.of(heads.m())), () -> {
                kept.store(KeptRows.Kind.LARGEST, query, softmax.largest(row));
                kept.store(KeptRows.Kind.INVERSE, query, softmax.inverse(row));
                if (centred) {
                    kept.store(KeptRows.Kind.MEAN, query, means.of(row));
                }
            });
        });
        if (wanted != null) {
            Rows gradient = head.rows("to queries", wanted, heads.m(), heads.d());
            products(queries, means, cotangent, sent, gradient, first);
        }
    }

    /** @param sent for what scores are sent, {@code [key, query]} */
    private void products(
            AttentionQueries queries, RowMeans means, Rows cotangent, GroupMemory sent, Rows gradient, Operand first) {
        TileProduct products = queries.products();
        Operand.Local[][] sums = products.zeros(queries.block(), TileProduct.block(gradient.width()));
        code.loop(Operand.of(0), queries.end(), tile.columns(), key -> {
            Operand.Local[][] scores = queries.scores(key);
            Operand.Local[][] toWeights = queries.toWeights(cotangent, key);
            for (int i = 0; i < scores.length; i++) {
                Operand row = products.row(i);
                Operand largest = queries.softmax().largest(row);
                Operand inverse = queries.softmax().inverse(row);
                Operand mean = means.of(row);
                for (int j = 0; j < scores[i].length; j++) {
                    Operand weight = head.weight(scores[i][j], largest, inverse);
                    code.assign(scores[i][j], head.sent(weight, toWeights[i][j], mean));
                }
            }
            products.put(scores, sent, tile.line());
            products.inner(sent, tile.line(), 1, tile.columns(), head.keys(), key, sums);
        });
        products.write(gradient, first, sums);
    }
}
