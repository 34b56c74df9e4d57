package org.kolotoc.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.InputError;
import org.kolotoc.api.PublicFile;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;

/**
 * What a data source is given, without an engine: files of one folder, which is the one for temporary files too.
 *
 * @param tokenizers makes a tokenizer of a training text
 */
public record BenchDataContext(Path folder, long seed, Function<Text, Tokenizer> tokenizers) implements DataContext {
    @Override
    public Path file(String path) {
        Path file = folder.resolve(path);
        if (!Files.isRegularFile(file)) {
            throw InputError.of("'" + path + "' is not in " + folder, "put it there");
        }
        return file;
    }

    @Override
    public List<String> files(String path) {
        Path inside = folder.resolve(path);
        try (Stream<Path> below = Files.walk(inside)) {
            return below.filter(Files::isRegularFile)
                    .map(file -> path + "/" + inside.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw InputError.of("the folder '" + path + "' is not in " + folder, "put it there", e);
        }
    }

    @Override
    public Path file(PublicFile file) {
        return file(file.path());
    }

    @Override
    public Tokenizer tokenizer(Text trainingText) {
        return tokenizers.apply(trainingText);
    }

    @Override
    public Path scratch() {
        return folder;
    }

    @Override
    public void reached(String what, long done, long all) {
        // Nobody waits, and nobody stops.
    }
}
