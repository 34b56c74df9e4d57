package org.kolotoc.api;

import java.nio.file.Path;
import java.util.Optional;
import org.kolotoc.api.text.Tokenizer;
import org.osgi.annotation.versioning.ProviderType;

/** What the engine gives a data source. */
@ProviderType
public interface DataContext {
    /**
     * A file of a public data set, by its path below a data folder. Looked for in the folder given by the user, the
     * project's own data folder and its neighbours, then, if downloads are allowed, fetched from its public address.
     *
     * @param path {@code text/tinyshakespeare.txt}
     * @param sha256 of the content, in hexadecimal, or empty where any content will do
     * @param address where the public has it, if anywhere
     * @throws InputError when it is nowhere, or has another content; names the folders and how to get it
     */
    Path file(String path, String sha256, Optional<String> address);

    /**
     * The tokenizer of the experiment.
     *
     * @param trainingText what a tokenizer that learns its vocabulary learns it from
     */
    Tokenizer tokenizer(String trainingText);

    /** Seed of the run. */
    long seed();
}
