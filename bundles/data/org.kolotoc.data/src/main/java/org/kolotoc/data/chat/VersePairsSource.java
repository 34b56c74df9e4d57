package org.kolotoc.data.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.data.verse.Annotation;
import org.kolotoc.data.verse.Poet;
import org.kolotoc.data.verse.Theme;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of verses about the same animals, put in order by somebody who hears rhyme and metre, compares two at a time and errs at a
 * given rate. As many orders are made as the bits are enough for.
 */
@Component
@Seat(kind = Seat.DATA, id = "verse-pairs", summary = "verses about two animals, put in order by rhyme and metre")
public final class VersePairsSource implements DataSource<VersePairsSettings> {
    /** Verses that are written until there are enough of different quality. */
    private static final int MOST_DRAWS = 40;

    @Override
    public Class<VersePairsSettings> settings() {
        return VersePairsSettings.class;
    }

    @Override
    public Dataset open(VersePairsSettings settings, DataContext context) {
        if (affordable(settings) == 0) {
            throw InputError.field(
                    "bits",
                    settings.bits() + " are fewer than the " + Annotation.order(settings.answers(), settings.noise())
                            + " of an order of " + settings.answers() + " verses; expected more");
        }
        return Rankings.of(
                Map.of("train", train(settings, context.seed()), "validation", heldOut(settings, context.seed())),
                settings.template(),
                settings.lengths(),
                context,
                "");
    }

    /** How many orders the bits are enough for. */
    static int affordable(VersePairsSettings settings) {
        return (int) Math.floor(settings.bits() / Annotation.order(settings.answers(), settings.noise()) + 1e-9);
    }

    static List<Ranking> train(VersePairsSettings settings, long seed) {
        return rankings(settings, seed, false, affordable(settings));
    }

    static List<Ranking> heldOut(VersePairsSettings settings, long seed) {
        return rankings(settings, seed, true, settings.heldOutOrders());
    }

    private static List<Ranking> rankings(VersePairsSettings settings, long runSeed, boolean heldOut, int count) {
        long seed = settings.seed() < 0 ? runSeed : settings.seed();
        String stream = "verse-pairs/" + (heldOut ? "validation" : "train");
        List<Theme> themes = VersesSource.themes(settings.heldOut(), heldOut, seed);
        int pairs = settings.answers() * (settings.answers() - 1) / 2;
        boolean[] wrong = Annotator.wrong(count * pairs, settings.noise(), new CounterRandom(seed, stream));
        List<Ranking> rankings = new ArrayList<>();
        for (int i = 0; i < count && !themes.isEmpty(); i++) {
            Theme theme = themes.get(i % themes.size());
            List<String> best = verses(settings, theme, seed, stream + "/" + i);
            boolean[] turned = Arrays.copyOfRange(wrong, i * pairs, (i + 1) * pairs);
            rankings.add(Annotator.ordered(VersesJudge::quality, theme.question(), best, turned));
        }
        return rankings;
    }

    /** Different verses, the best first, of different quality as long as there are as many. */
    private static List<String> verses(VersePairsSettings settings, Theme theme, long seed, String stream) {
        Poet poet = settings.poet();
        Map<Double, String> apart = new LinkedHashMap<>();
        List<String> others = new ArrayList<>();
        for (int draw = 0; apart.size() < settings.answers() && draw < MOST_DRAWS; draw++) {
            String verse = poet.verse(theme, new CounterRandom(seed, stream + "/" + draw))
                    .text();
            if (apart.putIfAbsent(quality(theme, verse), verse) != null && !others.contains(verse)) {
                others.add(verse);
            }
        }
        List<String> verses = new ArrayList<>(apart.values());
        others.removeAll(verses);
        for (int more = 0; verses.size() < settings.answers(); more++) {
            verses.add(others.get(more));
        }
        return verses.stream()
                .sorted(Comparator.comparing(verse -> -quality(theme, verse)))
                .toList();
    }

    private static double quality(Theme theme, String verse) {
        return VersesJudge.quality(new Exchange(theme.question(), verse));
    }
}
