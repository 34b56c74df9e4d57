package org.kolotoc.api.chat;

import java.util.List;
import org.kolotoc.api.Dataset;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Data of questions and answers, with the dimensions {@code vocab}, {@code time}, the longest exchange in tokens, and {@code
 * prompt}, the longest prompt. Wherever it has targets, their weights are 1 at tokens of an answer, at the stop token too, and
 * 0 at the question and at what fills a row.
 */
@ConsumerType
public interface ChatDataset extends Dataset {
    /** How exchanges are written. */
    ChatTokens tokens();

    /**
     * All exchanges of a part, in an order that stays.
     *
     * @throws org.kolotoc.api.InputError when there is no such part
     */
    List<Exchange> exchanges(String split);

    /** What a model goes on from to answer a question: cut where the data says, where it is too long. */
    int[] prompt(String question);
}
