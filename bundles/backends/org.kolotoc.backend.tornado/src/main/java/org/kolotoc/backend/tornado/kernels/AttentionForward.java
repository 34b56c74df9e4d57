package org.kolotoc.backend.tornado.kernels;

import org.kolotoc.backend.tornado.kernels.TileProduct.Rows;
import org.kolotoc.compiler.Launch;

/** The code of a group that has a tile of queries and makes their results. */
record AttentionForward(Code code, AttentionHead head, Launch.Attention launch, AttentionTile tile) {
    /** @param number of the tile */
    void write(Operand number) {
        Launch.Heads heads = launch.heads();
        Rows out = head.rows("out", launch.out(), heads.m(), heads.e());
        Operand first = AttentionQueries.first(code, head, tile, number);
        AttentionQueries queries = new AttentionQueries(code, head, tile, first);
        TileProduct products = queries.products();
        GroupMemory weights = tile.scores(code);
        Operand.Local[][] sums = products.zeros(queries.block(), TileProduct.block(heads.e()));
        code.loop(Operand.of(0), queries.end(), tile.columns(), key -> {
            Operand.Local[][] scores = queries.scores(key);
            queries.scale(sums, queries.softmax().next(scores));
            products.put(scores, weights, tile.line());
            products.inner(weights, tile.line(), 1, tile.columns(), head.values(), key, sums);
        });
        queries.softmax().end();
        queries.scale(sums, queries.inverses());
        products.write(out, first, sums);
    }
}
