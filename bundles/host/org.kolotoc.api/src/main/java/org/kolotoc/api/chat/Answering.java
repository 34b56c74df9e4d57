package org.kolotoc.api.chat;

import java.util.List;
import java.util.function.Consumer;
import org.kolotoc.api.Sampling;
import org.osgi.annotation.versioning.ConsumerType;

/** A prepared sampler that may also be talked to: one question after the other. Where it only is, it draws 0 samples. */
@ConsumerType
public interface Answering extends Sampling {
    /** Questions that a conversation may begin with, for people who don't know what to ask; may be none. */
    List<String> starters();

    /**
     * Answers a question with the weights as they are now.
     *
     * @param before what was asked and answered before, the oldest first
     * @param stream name of the random numbers: with the same weights and seed, the same question after the same
     *     conversation has the same answer in it
     * @param told hears each part of the answer as soon as it can't change any more; all of them together are the answer. Some
     *     are empty: whoever wants to stop is asked at each token
     * @throws org.kolotoc.api.InputError when the question can't be written in tokens
     * @throws org.kolotoc.api.Stopped when whoever is told wants to stop
     */
    Answer answer(List<Exchange> before, String question, String stream, Consumer<String> told);

    /**
     * What was answered.
     *
     * @param forgotten exchanges, the oldest, that had no room in the model's context any more
     * @param cut tokens of the question that had none
     * @param ended whether the model ended it; else it is as long as it may be
     */
    record Answer(String text, int forgotten, int cut, boolean ended) {}
}
