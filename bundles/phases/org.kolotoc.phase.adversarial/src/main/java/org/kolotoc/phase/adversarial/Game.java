package org.kolotoc.phase.adversarial;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Signature;
import org.kolotoc.tensor.Shape;

/**
 * Who plays, with what.
 *
 * @param shape of a batch of samples, {@code [batch, ...]}
 * @param latent numbers of noise that a sample is made of
 */
record Game(AdversarialSettings settings, Side generator, Side discriminator, Shape shape, int latent) {
    static final String LABEL = "label";

    /** What a discriminator that compares samples with each other calls how many, among its limits. */
    static final String GROUP = "group";

    /** @throws InputError where both sides and the data don't fit each other, naming them with their sizes */
    static Game of(AdversarialSettings settings, Side generator, Side discriminator, Dataset data) {
        List<String> axes = new ArrayList<>(settings.samples().axes());
        boolean labelled = generator.labelled() || discriminator.labelled();
        if (labelled) {
            if (data.fields().stream().map(Signature.Port::name).noneMatch(LABEL::equals)) {
                throw InputError.of(
                        "the models \"generator\" or \"discriminator\" are told classes, and the data has none",
                        "choose data with labels, or say \"labels\": false of both");
            }
            axes.add("class");
        }
        for (String axis : axes) {
            int expected = data.dimensions().get(axis);
            int made = generator.model().limits().getOr(axis, expected);
            int seen = discriminator.model().limits().getOr(axis, expected);
            if (made != seen || made != expected) {
                throw InputError.of(
                        "the model \"generator\" has " + made + " of '" + axis + "', the model \"discriminator\" "
                                + seen + ", and the data " + expected + "; expected as many of all three",
                        "name the same \"data\" with both models as with the phase");
            }
        }
        int latent = generator.model().limits().getOr("latent", 0);
        if (latent == 0) {
            throw InputError.of(
                    "the model \"generator\" does not say how many numbers of noise a sample is made of",
                    "choose a model that states 'latent' among its limits: \"generator\", \"dcgan-generator\"");
        }
        Game game = new Game(
                settings,
                generator,
                discriminator,
                settings.samples().shape(settings.batch(), data.dimensions()::get),
                latent);
        if (settings.batch() % game.group() != 0) {
            throw InputError.field(
                    "batch",
                    settings.batch() + " samples are no whole groups of " + game.group()
                            + ", which the discriminator compares; expected " + game.group() + " or a multiple of it");
        }
        return game;
    }

    /** Samples of a batch, one after the other, whose numbers the discriminator gives by all of them. */
    int group() {
        return discriminator.model().limits().getOr(GROUP, 1);
    }

    int batch() {
        return shape.extent(0);
    }

    Shape noise() {
        return Shape.of(batch(), latent);
    }

    boolean labelled() {
        return generator.labelled() || discriminator.labelled();
    }
}
