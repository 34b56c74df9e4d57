package org.kolotoc.data.mixture;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;

/** Which file, and where a document ends. */
public record FileSettings(
        @Help("a UTF-8 file: its path from the experiment's folder or below a data folder")
        String path,

        @Help("what stands between two documents") @Default("\"\\n\\n\"")
        String separator) {}
