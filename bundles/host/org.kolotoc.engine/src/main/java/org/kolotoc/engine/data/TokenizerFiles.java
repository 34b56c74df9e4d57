package org.kolotoc.engine.data;

import java.nio.file.Path;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.text.TokenizerContext;

/**
 * What a tokenizer is given of a run's files.
 *
 * @param ledger with the tokenizer's name and path
 */
record TokenizerFiles(DataFiles files, Ledger ledger) implements TokenizerContext {
    @Override
    public Path file(String path) {
        return files.ofTokenizer(path);
    }

    @Override
    public void reached(String what, long done, long all) {
        files.reached(what, done, all);
    }
}
