package org.kolotoc.data.mixture;

import java.util.function.Consumer;
import org.kolotoc.api.DataContext;

/** Texts that have nothing to do with each other. */
@FunctionalInterface
public interface Documents {
    /**
     * Reads all of them, in an order that stays.
     *
     * @param out gets one after the other, none of them empty
     * @throws org.kolotoc.api.InputError when they are missing or broken
     */
    void read(DataContext context, Consumer<String> out);
}
