package org.kolotoc.data.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Seat;
import org.kolotoc.api.chat.Exchange;
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
        return Chats.of(
                Map.of("train", exchanges(written(settings, seed)), "validation", exchanges(heldOut(settings, seed))),
                settings.template(),
                settings.lengths(),
                context,
                "");
    }

    private static List<Exchange> exchanges(List<Verse> verses) {
        return verses.stream()
                .map(verse -> new Exchange(verse.theme().question(), verse.text()))
                .toList();
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
        List<Theme> themes = themes(settings.heldOut(), false, seed);
        List<Verse> written = new ArrayList<>();
        double bits = 0;
        while (written.size() < settings.count() || bits < settings.bits()) {
            Verse verse = verse(settings, themes, written.size(), seed, "verses/train/");
            bits += written.size() < settings.count() ? 0 : verse.bits();
            written.add(verse);
        }
        return written;
    }

    private static List<Verse> heldOut(VersesSettings settings, long seed) {
        List<Theme> themes = themes(settings.heldOut(), true, seed);
        return IntStream.range(0, themes.isEmpty() ? 0 : settings.heldOutVerses())
                .mapToObj(number -> verse(settings, themes, number, seed, "verses/validation/"))
                .toList();
    }

    private static Verse verse(VersesSettings settings, List<Theme> themes, int number, long seed, String stream) {
        return settings.poet().verse(themes.get(number % themes.size()), new CounterRandom(seed, stream + number));
    }
}
