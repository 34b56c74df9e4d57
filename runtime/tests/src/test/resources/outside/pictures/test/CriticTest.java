package pictures;

import org.kolotoc.api.*;
import org.kolotoc.tck.ModelFamilyConformance;

class CriticTest extends ModelFamilyConformance<Critic.Sizes> {
    protected ModelFamily<Critic.Sizes> family() {
        return new Critic();
    }

    protected Critic.Sizes settings() {
        return new Critic.Sizes(6);
    }

    protected Dimensions dimensions() {
        return Dimensions.of("pixel", 9);
    }
}
