package org.kolotoc.tck;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Tokenizer;

/**
 * What a data source is given, without an engine: files of one folder.
 *
 * @param tokenizers makes a tokenizer of a training text
 */
public record BenchDataContext(Path folder, long seed, Function<String, Tokenizer> tokenizers) implements DataContext {
    @Override
    public Path file(String path, String sha256, Optional<String> address) {
        Path file = folder.resolve(path);
        if (!Files.isRegularFile(file)) {
            throw InputError.of("'" + path + "' is not in " + folder, "put it there");
        }
        return file;
    }

    @Override
    public Tokenizer tokenizer(String trainingText) {
        return tokenizers.apply(trainingText);
    }
}
