package org.kolotoc.api.text;

import org.kolotoc.api.Dataset;

/** Data that is text: fields {@code tokens} and {@code targets}, dimension {@code vocab}. */
public interface TextDataset extends Dataset {
    Tokenizer tokenizer();

    /** The whole text of one part. */
    String text(String split);
}
