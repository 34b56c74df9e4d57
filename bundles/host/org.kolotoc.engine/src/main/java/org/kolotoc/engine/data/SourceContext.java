package org.kolotoc.engine.data;

import java.nio.file.Path;
import java.util.List;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.PublicFile;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;

/**
 * What one data source is given of a run's files.
 *
 * @param ledger with the source's name and path
 */
public record SourceContext(DataFiles files, Ledger ledger) implements DataContext {
    @Override
    public Path file(String path) {
        return files.file(path);
    }

    @Override
    public List<String> files(String folder) {
        return files.files(folder);
    }

    @Override
    public Path file(PublicFile file) {
        return files.file(file);
    }

    @Override
    public Tokenizer tokenizer(Text trainingText) {
        return files.tokenizer(trainingText);
    }

    @Override
    public long seed() {
        return files.seed();
    }

    @Override
    public Path scratch() {
        return files.scratch();
    }

    @Override
    public void reached(String what, long done, long all) {
        files.reached(what, done, all);
    }
}
