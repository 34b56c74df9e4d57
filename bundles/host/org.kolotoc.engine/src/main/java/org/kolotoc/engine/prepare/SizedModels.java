package org.kolotoc.engine.prepare;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Optional;
import java.util.Set;
import org.kolotoc.api.Model;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;
import org.kolotoc.engine.fill.ModelSeat;
import org.kolotoc.engine.fill.Seating;
import org.kolotoc.engine.fill.Seats;

/** The models of an experiment, sized for its data, as they are and as they would be with other settings. */
record SizedModels(Experiment experiment, Seating seating, Sizing sizing, Seats seats) {
    /** What the experiment says of a model. */
    SeatRef ref(String name) {
        return experiment.allModels().get(name).seat();
    }

    ModelSeat seat(String name) {
        return seating.models().get(name);
    }

    Model model(String name) {
        return seat(name).create(sizing.dimensions(name));
    }

    /** Such a seat with other settings; nothing where there is none like that. */
    Optional<ModelSeat> with(String name, JsonObject settings) {
        SeatRef own = ref(name);
        SeatRef other = new SeatRef(own.id(), own.versions(), settings, own.path());
        return seat(name).with(other, seats, new Problems(other.path()));
    }

    /** The same with one of the settings otherwise. */
    Optional<ModelSeat> with(String name, JsonObject settings, String setting, Optional<JsonElement> value) {
        JsonObject changed = settings.deepCopy();
        changed.remove(setting);
        value.ifPresent(given -> changed.add(setting, given));
        return with(name, changed);
    }

    /** What a seat makes for the data of a model. */
    Model model(String name, ModelSeat seat) {
        return seat.create(sizing.dimensions(name));
    }

    /**
     * A model beside another.
     *
     * @param there what an experiment says of the other
     * @param weights names of those that the other has
     */
    LearnedFor beside(String name, SeatRef there, Set<String> weights) {
        return new LearnedFor(this, name, there, weights);
    }
}
