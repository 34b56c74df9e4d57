package org.kolotoc.api;

import java.nio.file.Path;
import java.util.List;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the engine gives a data source. Whatever a source reads has to be asked for here, also what its settings name by a
 * path of its own: only so is it in the run's lock, and the same when the run goes on.
 */
@ProviderType
public interface DataContext {
    /**
     * A file that the experiment names. An absolute path is taken as it is; any other counts from the folder of the
     * experiment, then from each data folder. The content is hashed before this returns.
     *
     * @param path as the experiment has it
     * @throws InputError when it is nowhere, or not what the run began with; names the places and how to get it
     * @throws java.nio.file.InvalidPathException when no file can have such a path
     */
    Path file(String path);

    /**
     * What lies in a folder that the experiment names, and in the folders in it: the paths of the files, as {@link #file(String)}
     * takes them, in an order that is the same everywhere. Nothing of it is read; each file is to be asked for.
     *
     * @param folder as the experiment has it
     * @return the path of the folder, {@code /}, and the names below it, with {@code /} between them
     * @throws InputError when it is nowhere, or no folder; names the places
     * @throws java.nio.file.InvalidPathException when no folder can have such a path
     */
    List<String> files(String folder);

    /**
     * A file of a public data set: from a data folder or, if downloads are allowed, from its address.
     *
     * @throws InputError when it is nowhere, or has another content; names the folders and how to get it
     */
    Path file(PublicFile file);

    /**
     * The tokenizer of the experiment.
     *
     * @param trainingText what a tokenizer that learns its vocabulary learns it from
     */
    Tokenizer tokenizer(Text trainingText);

    /** Where is said what is done in another way than the settings say. */
    default Ledger ledger() {
        return Ledger.NONE;
    }

    /** Seed of the run. */
    long seed();

    /** A folder of this run alone for what is too large for memory. It is removed when the run ends. */
    Path scratch();

    /**
     * For people who wait: how far the reading is; to be told of after each part of it.
     *
     * @param what is done, as {@code text to tokens}
     * @throws Stopped when somebody wants to stop
     */
    void reached(String what, long done, long all);
}
