package org.kolotoc.data.mixture;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Filled;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Which documents, and how much of each kind. */
public record MixtureSettings(
        @Help("by name: {\"web\": {\"share\": 67, \"documents\": {\"id\": \"file\", \"path\": \"web.txt\"}}, ...}")
        Map<String, Source> sources,

        @Help("share of the documents that is held out") @Range(min = 0, max = 0.9) @Default("0.05")
        double heldOut,

        @Help("sources of which documents are held out, to be measured; all of them where none is named") @Default("[]")
        List<String> measured,

        @Help("what ends a document: the name of a special token, or a text of one token") @Default("\"\\n\"")
        String end,

        @Help("joined: a token sees all before it in its row; apart: only its own document's, which begins at"
                + " position 0")
        @Default("\"joined\"")
        Packing packing) {

    /** Documents of one kind. */
    public record Source(
            @Help("how much of what is trained on, in tokens: its part of the sum of all shares; -1 for as much as"
                    + " there is of it, in tokens too; either all sources have a share or none")
            @Range(min = -1)
            @Default("-1")
            double share,

            @Help("where they come from") @Filled(DocumentsFamily.class)
            Documents documents) {}

    /** How documents share a row. */
    public enum Packing {
        JOINED,
        APART
    }
}
