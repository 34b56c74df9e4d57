package pictures;

import java.util.Map;
import org.kolotoc.api.*;
import org.kolotoc.tck.PhaseConformance;

class AdversarialTest extends PhaseConformance<Adversarial.Plan> {
    protected Phase<Adversarial.Plan> phase() {
        return new Adversarial();
    }

    protected Adversarial.Plan settings() {
        return new Adversarial.Plan(8, 2, 0.01, 10, 0.9);
    }

    protected Map<String, Model> models() {
        Model generator = new Generator().create(new Generator.Sizes(4, 8), data().dimensions());
        Model critic = new Critic().create(new Critic.Sizes(8), data().dimensions());
        return Map.of("generator", generator, "average", generator, "critic", critic);
    }

    protected Dataset data() {
        return GlyphsTest.few();
    }

    protected String falling() {
        return "loss/critic";
    }
}
