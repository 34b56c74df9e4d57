package org.kolotoc.text;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.text.ngram.NGrams;
import org.kolotoc.text.ngram.Pieces;

/** What metrics of text count, and what they compare with. */
final class Words {
    /** What metrics need that compare samples with the training text; of what else has such fields {@link #training} knows. */
    static final Needs TRAINING =
            Needs.none().data("i32 tokens[batch,time]; i32 targets[batch,time]; f32 weights[batch,time]");

    private Words() {}

    /** Words of at least so many letters, in lower case. */
    static List<String> of(String text, int letters) {
        List<String> words = new ArrayList<>();
        WordReader reader = new WordReader(letters, text.length(), words::add);
        reader.read(text);
        reader.end();
        return words;
    }

    /** Takes a part of the training text; whether more is wanted. */
    @FunctionalInterface
    interface Reading {
        boolean read(String part);
    }

    /**
     * The text that a model was trained on.
     *
     * @throws InputError when the data is no text
     */
    static Text training(String metric, Dataset data) {
        if (!(data instanceof TextDataset dataset)) {
            throw InputError.of(
                    "the metric '" + metric + "' compares samples with the training text, but the data is no text",
                    "remove '" + metric + "' from the metrics, or choose text data");
        }
        return dataset.text("train");
    }

    /**
     * Reads the text that a model was trained on, as far as it is wanted.
     *
     * @param out hears how far it is after each part
     * @throws InputError when the data is no text
     */
    static void readTraining(String metric, Dataset data, Reached out, Reading reading) {
        Text text = training(metric, data);
        long done = 0;
        for (String part : text) {
            if (!reading.read(part)) {
                return;
            }
            done += part.length();
            out.reached(done, text.length());
        }
    }

    /**
     * Counts the text that a model was trained on.
     *
     * @param order pieces that are looked at together
     * @param out hears how far it is
     * @throws InputError when the data is no text
     */
    static NGrams ngrams(String metric, int order, Dataset data, Reached out) {
        NGrams ngrams = new NGrams(order);
        Pieces pieces = new Pieces(ngrams::add);
        readTraining(metric, data, out, part -> {
            pieces.read(part);
            return true;
        });
        pieces.end();
        return ngrams;
    }

    /** Samples that are text. */
    static List<String> texts(List<Sample> samples) {
        return samples.stream()
                .filter(sample -> sample.mediaType().startsWith("text/"))
                .map(Sample::text)
                .toList();
    }
}
