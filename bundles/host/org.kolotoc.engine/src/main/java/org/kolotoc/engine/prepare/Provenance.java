package org.kolotoc.engine.prepare;

import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Sample;
import org.kolotoc.api.image.PictureText;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.SamplePlan;

/**
 * Where pictures come from, written into them: the same words for the same bytes, whenever and wherever they are drawn.
 *
 * @param words by their keywords
 */
record Provenance(Map<String, String> words) {
    /** @param stream of the random numbers, which has the step */
    static Provenance of(Experiment experiment, SamplePlan plan, String stream) {
        JsonObject sampler = new JsonObject();
        sampler.addProperty("id", plan.seat().id());
        plan.seat().settings().asMap().forEach(sampler::add);
        Map<String, String> words = new LinkedHashMap<>();
        words.put("Software", "Kolotoc");
        words.put("Experiment", experiment.name());
        words.put("Seed", Long.toString(experiment.seed()));
        words.put("Sampler", sampler.toString());
        words.put("Stream", stream);
        return new Provenance(words);
    }

    /** What weights they are drawn with, by the content of their file. */
    static Provenance of(String checkpoint) {
        return new Provenance(Map.of("Checkpoint", checkpoint));
    }

    List<Sample> in(List<Sample> samples) {
        return samples.stream()
                .map(sample -> sample.mediaType().equals("image/png") ? PictureText.with(sample, words) : sample)
                .toList();
    }
}
