package org.kolotoc.backend.tornado.kernels;

/** The mean of what the weights of each query of a tile are sent, while the keys pass. */
final class RowMeans {
    private final Code code;
    private final AttentionQueries queries;
    private final GroupMemory means;
    private final Operand.Local[] sums;

    RowMeans(Code code, AttentionQueries queries, AttentionTile tile) {
        this.code = code;
        this.queries = queries;
        this.means = code.shared(true, tile.rows());
        this.sums = new Operand.Local[queries.block()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = code.variable(Operand.of(0f));
        }
    }

    /** @param rescale by which what was summed before has to be multiplied, of each row */
    void add(Operand[][] weights, Operand[][] toWeights, Operand[] rescale) {
        for (int i = 0; i < sums.length; i++) {
            Operand sum = code.mul(sums[i], rescale[i]);
            for (int j = 0; j < weights[i].length; j++) {
                sum = code.add(sum, code.mul(weights[i][j], toWeights[i][j]));
            }
            code.assign(sums[i], sum);
        }
    }

    /** All keys have passed, and the softmax has ended. */
    void end() {
        queries.softmax()
                .totals(
                        sums,
                        (row, total) -> means.store(
                                row, code.mul(total, queries.softmax().inverse(row))));
    }

    Operand of(Operand row) {
        return means.load(row);
    }
}
