package org.kolotoc.data.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Seat;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.data.verse.Poet;
import org.kolotoc.data.verse.Poet.Verse;
import org.kolotoc.data.verse.Theme;
import org.kolotoc.data.world.Interview;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of verses that an author of limited skill writes about two animals each. The validation part asks for animals that stand
 * in no verse for training together; which these are is decided by them alone, whatever the seed.
 */
@Component
@Seat(kind = Seat.DATA, id = "verses", summary = "verses about two animals, by an author of limited skill")
public final class VersesSource implements DataSource<VersesSettings> {
    @Override
    public Class<VersesSettings> settings() {
        return VersesSettings.class;
    }

    @Override
    public Dataset open(VersesSettings settings, DataContext context) {
        long seed = settings.seed() < 0 ? context.seed() : settings.seed();
        Poet poet = settings.poet();
        List<Exchange> heldOut = new ArrayList<>();
        for (Theme theme : themes(settings.heldOut(), true, seed)) {
            CounterRandom random = new CounterRandom(seed, "verses/validation/" + heldOut.size());
            heldOut.add(exchange(poet.verse(theme, random)));
        }
        return Chats.of(
                Map.of(
                        "train",
                        written(settings, seed).stream()
                                .map(VersesSource::exchange)
                                .toList(),
                        "validation",
                        heldOut),
                settings.template(),
                settings.lengths(),
                context,
                "");
    }

    private static Exchange exchange(Verse verse) {
        return new Exchange(verse.theme().question(), verse.text());
    }

    /** Animals that are asked for, in an order of the seed. */
    static List<Theme> themes(double share, boolean heldOut, long seed) {
        List<Theme> themes = Theme.all().stream()
                .filter(theme -> JsonLines.part(theme.both(), share).equals("validation") == heldOut)
                .toList();
        return Interview.shuffled(themes, new CounterRandom(seed, "verses/themes"));
    }

    /** What is written for training: so many verses, then others until their bits are used up. */
    static List<Verse> written(VersesSettings settings, long seed) {
        Poet poet = settings.poet();
        List<Theme> themes = themes(settings.heldOut(), false, seed);
        List<Verse> written = new ArrayList<>();
        double bits = 0;
        while (written.size() < settings.count() || bits < settings.bits()) {
            int number = written.size();
            Verse verse =
                    poet.verse(themes.get(number % themes.size()), new CounterRandom(seed, "verses/train/" + number));
            written.add(verse);
            bits += number < settings.count() ? 0 : verse.bits();
        }
        return written;
    }
}
